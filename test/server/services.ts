import type { Json } from '../../src/core/json/json';
import { type ActivityEvent, fieldText } from '../../src/core/event/event';
import { json, problem, type Answer } from './answer';

const paths = [
  /^\/v2\.1\/([\w-]+)\/([\w-]+)$/,
  /^\/v3\/[0-9a-f]{32}\/([\w-]+)\/([\w-]+)$/,
  /^\/v2(?:\.0)?\/(?:lbaas\/|octavia\/)?([\w-]+)\/([\w-]+)$/,
];

/** Resources of nova, cinder, glance, neutron and octavia, as far as a GET by id goes. */
export class Services {
  readonly #set = new Map<string, Json>();

  constructor(readonly events: () => readonly ActivityEvent[]) {}

  /** Lets `path` answer with `body`; undefined: it is gone. */
  set(path: string, body: Json | undefined): void {
    if (body === undefined) this.#set.delete(path);
    else this.#set.set(path, body);
  }

  /** A resource exists when it was set, or when the log names it and does not tell of its end. */
  answer(method: string, path: string): Answer {
    if (method !== 'GET') return problem(405, 'Only GET is served here');
    const set = this.#set.get(path);
    if (set !== undefined) return json(200, set);
    for (const pattern of paths) {
      const [, collection = '', id = ''] = pattern.exec(path) ?? [];
      if (id && this.#lives(path, id)) return json(200, describe(collection, id));
    }
    return problem(404, `${path} could not be found.`);
  }

  #lives(path: string, id: string): boolean {
    const naming = this.events().filter(
      (event) => fieldText(event, 'uri').includes(id) || fieldText(event, 'response_body').includes(id),
    );
    const deleted = naming.some(
      (event) => event['method'] === 'DELETE' && event['success'] === 'yes' && fieldText(event, 'uri') === path,
    );
    return naming.length > 0 && !deleted;
  }
}

function describe(collection: string, id: string): Json {
  const kind = collection.replace(/-/g, '_').replace(/s$/, '');
  const resource = { id, name: `${kind}-${id.slice(0, 8)}`, status: 'ACTIVE', updated: '2026-01-01T00:00:00Z' };
  return collection === 'images' ? resource : { [kind]: resource };
}
