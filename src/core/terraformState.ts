import { UserError } from './errors';
import type { Json } from './event';
import { JsonCursor } from './jsonCursor';
import { message } from './message';

/** How a state names an id: as a resource's own, as a part of a composite one (`server/volume`), or in another attribute. */
export type Naming = 'id' | 'part' | 'attribute';

/** A resource instance of a state file that names an id. */
export interface StatePlace {
  /** As Terraform writes it: `module.db["a"].vkcs_compute_instance.web[0]`. */
  readonly address: string;
  readonly naming: Naming;
  /** Where within the attributes: `id`, `network[0].port`. */
  readonly attribute: string;
  readonly mode: 'managed' | 'data';
  /** The module's address, '' for the root: `module.db["a"].module.disk`. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
  readonly indexKey: string | number | undefined;
  /** Offset of the instance in the file. */
  readonly offset: number;
}

/** Resources and their data before data sources, own ids before parts before mentions. */
const rank: Readonly<Record<Naming, number>> = { id: 0, part: 1, attribute: 2 };

/**
 * The instances in a state file (version 4) that name `id`, best first. A text without the id costs one `indexOf`; otherwise the file is
 * walked once, and only instances around an occurrence are parsed. Yields between instances so that the caller can let others run.
 * @throws UserError when the state is too old or cannot be read
 */
export function* findInState(text: string, id: string): Generator<undefined, StatePlace[], undefined> {
  const last = id === '' ? -1 : text.lastIndexOf(id);
  if (last < 0) return [];
  const places: StatePlace[] = [];
  try {
    const cursor = new JsonCursor(text);
    if (!cursor.enter('{')) throw new SyntaxError('Not an object');
    for (let key; cursor.offset <= last && (key = cursor.nextKey()) !== undefined;) {
      if (key === 'version') checkVersion(cursor.takeValue());
      else if (key !== 'resources' || !cursor.enter('[')) cursor.takeValue();
      else while (cursor.offset <= last && cursor.nextElement()) yield* readResource(cursor, id, places);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(message('The state file is not complete JSON.'), { cause: error });
  }
  return places.sort(
    (a, b) => rank[a.naming] - rank[b.naming] || Number(b.mode === 'managed') - Number(a.mode === 'managed'),
  );
}

function checkVersion(version: string): void {
  if (Number(version) < 4) {
    throw new UserError(
      message(
        'The state file has version {0}, which is too old to be read. Terraform 0.12 or newer writes version 4.',
        version,
      ),
    );
  }
}

function* readResource(cursor: JsonCursor, id: string, places: StatePlace[]): Generator<undefined, void, undefined> {
  if (!cursor.enter('{')) {
    cursor.takeValue();
    return;
  }
  const head = { module: '', mode: '', type: '', name: '' };
  const found: { text: string; offset: number }[] = [];
  for (let key; (key = cursor.nextKey()) !== undefined;) {
    if (key === 'instances' && cursor.enter('[')) {
      while (cursor.nextElement()) {
        const offset = cursor.offset;
        const text = cursor.takeValue();
        if (text.includes(id)) found.push({ text, offset });
        yield;
      }
    } else if (Object.hasOwn(head, key))
      head[key as keyof typeof head] = cursor.readString() ?? (cursor.takeValue(), '');
    else cursor.takeValue();
  }
  for (const { text, offset } of found) {
    const instance = JSON.parse(text) as Record<string, Json>;
    const mention = bestMention(instance['attributes'] ?? instance['attributes_flat'] ?? null, id);
    if (!mention) continue;
    const index = instance['index_key'];
    const indexKey = typeof index === 'string' || typeof index === 'number' ? index : undefined;
    const mode = head.mode === 'data' ? 'data' : 'managed';
    const { module, type, name } = head;
    places.push({
      address: addressOf({ module, mode, type, name, indexKey }),
      ...mention,
      mode,
      module,
      type,
      name,
      indexKey,
      offset,
    });
  }
}

function addressOf({
  module,
  mode,
  type,
  name,
  indexKey,
}: Pick<StatePlace, 'module' | 'mode' | 'type' | 'name' | 'indexKey'>): string {
  const index = indexKey === undefined ? '' : `[${JSON.stringify(indexKey)}]`;
  return `${module === '' ? '' : `${module}.`}${mode === 'data' ? 'data.' : ''}${type}.${name}${index}`;
}

function bestMention(attributes: Json, id: string): Pick<StatePlace, 'naming' | 'attribute'> | undefined {
  let best: Pick<StatePlace, 'naming' | 'attribute'> | undefined;
  // A stack of its own: a hostile state nests deeper than calls may.
  const open: { value: Json; path: string }[] = [{ value: attributes, path: '' }];
  for (let item; (item = open.pop());) {
    const { value, path } = item;
    if (typeof value === 'string') {
      const naming = namingOf(value, path, id);
      if (naming && (!best || rank[naming] < rank[best.naming])) best = { naming, attribute: path };
    } else if (Array.isArray(value)) {
      value.forEach((element: Json, index) => open.push({ value: element, path: `${path}[${index}]` }));
    } else if (value !== null && typeof value === 'object') {
      for (const [key, element] of Object.entries(value)) {
        open.push({ value: element, path: path === '' ? key : `${path}.${key}` });
      }
    }
  }
  return best;
}

function namingOf(value: string, path: string, id: string): Naming | undefined {
  if (value === id) return path === 'id' ? 'id' : 'attribute';
  if (!names(value, id)) return undefined;
  return path === 'id' ? 'part' : 'attribute';
}

/** Whether `text` holds `id` as a word of its own. */
export function names(text: string, id: string): boolean {
  return firstNaming(text, id) >= 0;
}

const word = /[\w-]/;

/** The offset of `id` in `text` as a word of its own, or -1. */
export function firstNaming(text: string, id: string): number {
  for (let at = text.indexOf(id); at >= 0 && id !== ''; at = text.indexOf(id, at + 1)) {
    if (!word.test(text.charAt(at - 1)) && !word.test(text.charAt(at + id.length))) return at;
  }
  return -1;
}
