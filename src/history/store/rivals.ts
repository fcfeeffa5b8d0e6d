import { deriveKey } from '../../core/event/decode';
import type { ActivityEvent } from '../../core/event/event';

/** A stored event. */
export interface Known {
  /** Another one once the event is stored again further down. */
  id: number;
  readonly time: number;
}

/**
 * The events of one key: mostly one, but a server may give one id to all. Each is read once, whatever is compared with them.
 */
export class Rivals {
  /** Those whose content was not asked for yet. */
  readonly #unread: Known[] = [];
  readonly #byContent = new Map<string, Known>();

  /** `json` gives the record of an event. */
  constructor(private readonly json: (id: number) => Uint8Array) {}

  get isEmpty(): boolean {
    return this.#unread.length === 0 && this.#byContent.size === 0;
  }

  add(event: Known): void {
    this.#unread.push(event);
  }

  /** The event that is the record `json`, though perhaps with its fields in another order. */
  find(json: Uint8Array): Known | undefined {
    const [first] = this.#unread;
    if (first && Buffer.compare(this.json(first.id), json) === 0) return first;
    if (this.isEmpty) return undefined;
    for (const event of this.#unread.splice(0)) {
      const content = contentOf(this.json(event.id));
      if (!this.#byContent.has(content)) this.#byContent.set(content, event);
    }
    return this.#byContent.get(contentOf(json));
  }
}

/** What tells a record from all others, whatever the order of its fields: the key it has beside another one of its id. */
export function contentOf(json: Uint8Array): string {
  return deriveKey(JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString()) as ActivityEvent);
}
