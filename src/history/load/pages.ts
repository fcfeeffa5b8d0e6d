import type { EventSource, PageRequest } from '../../core/event/source';
import type { DecodedPage, History } from '../history';
import { Room } from './room';

/** A page that waits in the history to be stored or dropped. */
export interface ReadPage extends DecodedPage {
  /** What the clock of the server showed, in UTC milliseconds, where it tells. */
  readonly clock?: number | undefined;
}

/** Brings pages to the history that stores them. */
export interface Pages {
  /** @throws RequestError when it fails for good; an AbortError when `signal` is aborted. */
  read(request: PageRequest, signal: AbortSignal): Promise<ReadPage>;
  /** A page was stored or dropped. */
  done(ticket: number): void;
  /** See EventSource. */
  readonly isWhole?: boolean | undefined;
}

/** The pages of a source. */
export class SourcePages implements Pages {
  readonly #source: EventSource;
  readonly #history: Pick<History, 'decodePage'>;
  readonly #room = new Room();
  /** What frees the room, by the ticket of the large page that is in it. */
  readonly #inRoom = new Map<number, () => void>();

  constructor(source: EventSource, history: Pick<History, 'decodePage'>) {
    this.#source = source;
    this.#history = history;
  }

  get isWhole(): boolean {
    return this.#source.isWhole ?? false;
  }

  async read(request: PageRequest, signal: AbortSignal): Promise<ReadPage> {
    let leave: (() => void) | undefined;
    const onLarge = async (signal: AbortSignal): Promise<void> => {
      leave ??= await this.#room.enter(signal);
    };
    try {
      const bytes = await this.#source.page({ ...request, onLarge }, signal);
      const page = await this.#history.decodePage(bytes, this.#source.isLocal);
      if (leave) this.#inRoom.set(page.ticket, leave);
      return { ...page, clock: this.#source.clock?.() };
    } catch (error) {
      leave?.();
      throw error;
    }
  }

  done(ticket: number): void {
    this.#inRoom.get(ticket)?.();
    this.#inRoom.delete(ticket);
  }
}
