import type { Tables } from '../store/tables';
import type { Counter } from './counter';
import type { Reader } from './reader';
import type { ResourceEvents } from './resourceEvents';
import type { SecondThread } from './secondThread';

/** What questions are answered from. */
export interface Parts extends Tables {
  /** Shares the work of looking through texts; undefined where there is none. */
  readonly secondThread?: SecondThread | undefined;
  readonly resources: ResourceEvents;
}

/** What answers that take several looks are put together from. */
export interface Readers {
  readonly reader: Reader;
  readonly counter: Counter;
}
