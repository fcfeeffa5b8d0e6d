import type { Answer } from './answer';
import type { Fault } from './faults';

/** A proxy on the way that keeps pages of the log, by less than it takes to tell them apart. */
export class Cache {
  readonly #kept = new Map<string, Answer>();

  clear(): void {
    this.#kept.clear();
  }

  /** The answer, or where the fault strikes the one that was given to a request that looks the same to it. */
  pass(answer: Answer, query: URLSearchParams, fault: Extract<Fault, { kind: 'cached' }> | undefined): Answer {
    if (!fault || answer.status !== 200 || !Array.isArray(answer.body)) return answer;
    const marker = query.get('marker');
    const others = [...query].filter(([name]) => name !== 'marker');
    const key = JSON.stringify(fault.by === 'marker' ? (marker ?? others) : others);
    const kept = this.#kept.get(key);
    if (!kept) this.#kept.set(key, answer);
    return kept ?? answer;
  }
}
