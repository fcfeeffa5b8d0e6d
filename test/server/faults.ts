import { Random } from '../../src/sample/random';

/** Which requests a fault meets: the log itself (default), Keystone, the services, or all of them. */
export type Route = 'logs' | 'keystone' | 'services' | 'any';

/** When a fault strikes. Without any of these: always, on the log's route. */
interface Occasion {
  readonly route?: Route;
  /** Lets so many requests of the route pass first. */
  readonly skip?: number;
  /** Then strikes so many times and is gone. */
  readonly times?: number;
  /** Strikes a request with this probability; the server's seed decides which, in whatever order they come. */
  readonly chance?: number;
}

/** Before anything is answered: for a time, or until something has happened. */
type Delay =
  { readonly kind: 'slow'; readonly ms: number } | { readonly kind: 'held'; readonly until: Promise<unknown> };

/** Instead of the answer. */
export type Replacement =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: string | number;
      readonly body?: string;
      /** Its content-encoding; only gzip is really done. */
      readonly encoding?: 'gzip' | 'br';
    }
  | { readonly kind: 'html' }
  | {
      readonly kind: 'answer';
      readonly body: string | Buffer;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** Small on the wire, `bytes` long once decompressed. */
  | { readonly kind: 'bomb'; readonly bytes: number }
  /** `bytes` on the wire that decompress to nothing. */
  | { readonly kind: 'hollow'; readonly bytes: number }
  /** `bytes` of spaces, with or without a content-length that admits it. */
  | { readonly kind: 'endless'; readonly bytes: number; readonly declared?: boolean }
  | { readonly kind: 'headerFlood'; readonly bytes: number }
  /** JSON nested so deep. */
  | { readonly kind: 'deep'; readonly depth: number };

/** What the log's answer says wrongly. */
export type Lie = {
  readonly kind:
    | 'logsObject' // `logs` is an object whose values are the records
    | 'logsMissing'
    | 'wrongTypes' // numbers, nulls and objects where texts belong
    | 'notRecords' // texts, numbers and nulls among the records
    | 'missingFields'
    | 'missingIds'
    | 'duplicateIds' // every second record has its neighbour's id
    | 'repeatedRecords' // every record twice
    | 'unreadableTimes'
    | 'duplicatePage' // a page that the previous marker had already brought
    | 'markerLoop' // always the same marker
    | 'endlessMarkers' // never the last page
    | 'noMarkers' // each page as if it were the last
    | 'ignoreFrom'
    | 'ignoreTo'
    | 'ignoreSource'
    | 'ignoreLimit';
};

/** A proxy that takes requests for the same that differ in other things than these, and answers them alike. */
type Cached = { readonly kind: 'cached'; readonly by: 'marker' | 'allButMarker' };

type RefusedMarker = { readonly kind: 'refuseMarker'; readonly status?: 400 | 404 | 410 };

/** How the answer is handed over. */
type Delivery =
  | { readonly kind: 'drip'; readonly ms: number; readonly bytes: number }
  /** TCP reset: before the status line, or in the middle of the body. */
  | { readonly kind: 'reset'; readonly at: 'head' | 'body' }
  /** Silence: before the status line, or in the middle of the body. */
  | { readonly kind: 'hang'; readonly at: 'head' | 'body' }
  /** Half a body: short of its content-length, without its last chunk, or framed as if it were whole. */
  | { readonly kind: 'cut'; readonly framing: 'length' | 'chunked' | 'clean' };

export type FaultKind = Delay | Replacement | Lie | Cached | RefusedMarker | Delivery;
export type Fault = FaultKind & Occasion;

/** The faults that are switched on. */
export class Faults {
  #active: { readonly fault: Fault; seen: number; struck: number }[] = [];
  readonly #seed: string;
  /** How often each request came. */
  readonly #times = new Map<string, number>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  add(fault: Fault): void {
    this.#active.push({ fault, seen: 0, struck: 0 });
  }

  clear(): void {
    this.#active = [];
  }

  /** The faults that strike this request; they count it. */
  strike(route: Exclude<Route, 'any'>, request: string): Fault[] {
    const striking: Fault[] = [];
    const time = (this.#times.get(request) ?? 0) + 1;
    this.#times.set(request, time);
    const random = new Random(`${this.#seed} ${time} ${request}`);
    for (const item of this.#active) {
      const { route: only = 'logs', skip = 0, times = Infinity, chance = 1 } = item.fault;
      if (only !== 'any' && only !== route) continue;
      if (item.seen++ < skip || item.struck >= times || !random.chance(chance)) continue;
      item.struck++;
      striking.push(item.fault);
    }
    return striking;
  }
}

/** The fault of one of these kinds, the one switched on first. */
export function pick<K extends Fault['kind']>(
  faults: readonly Fault[],
  ...kinds: K[]
): Extract<Fault, { kind: K }> | undefined {
  return faults.find((fault): fault is Extract<Fault, { kind: K }> => (kinds as string[]).includes(fault.kind));
}

/** Whether this lie is to be told. */
export function tells(faults: readonly Fault[], lie: Lie['kind']): boolean {
  return faults.some(({ kind }) => kind === lie);
}
