import { UserError } from '../core/base/errors';
import type { Json } from '../core/json/json';
import { JsonCursor } from '../core/json/jsonCursor';
import { LineCounter } from '../core/json/lineCounter';
import { message } from '../core/base/message';
import { keptTexts, makeInstance, type FoundInstance, type Instance } from './instance';

export interface State {
  readonly serial: number | undefined;
  readonly instances: readonly Instance[];
}

/**
 * Reads a state file (version 4) or what `terraform show -json` tells of one, and keeps nothing of it but addresses, names and ids.
 * Undefined where the text is other JSON.
 * @throws UserError when the state is too old, encrypted, cannot be read, or brings more resources than there may be beside the `taken` ones
 */
export function readState(text: string, taken = 0): State | undefined {
  const reader = new StateReader(text, maxResources - taken);
  try {
    return reader.read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(message('The state file is not complete JSON.'), { cause: error });
  }
}

/** Modules within modules. */
const deepest = 100;
/** Of all states together. */
const maxResources = 50_000;
/** Parsing takes up to 50 times as much memory. */
const maxResource = 8 * 1_048_576;

const encryptedText = message(
  'The state file is encrypted. Save the output of "tofu show -json" beside it to have it read.',
);

class StateReader {
  readonly #cursor: JsonCursor;
  readonly #lines: LineCounter;
  readonly #instances: Instance[] = [];
  readonly #text = keptTexts();
  #serial: number | undefined;
  #isState = false;

  constructor(
    text: string,
    private readonly most: number,
  ) {
    this.#cursor = new JsonCursor(text);
    this.#lines = new LineCounter(text);
  }

  read(): State | undefined {
    const cursor = this.#cursor;
    if (!cursor.enter('{')) return undefined;
    for (let key; (key = cursor.nextKey()) !== undefined;) {
      if (key === 'version') checkVersion(cursor.takeValue());
      else if (key === 'serial') this.#serial = Number(cursor.takeValue());
      else if (key === 'encrypted_data') throw new UserError(encryptedText);
      else if (key === 'resources') this.#elements(() => this.#resource());
      else if (key === 'values') this.#shownValues();
      // What is shown of a plan has the state before it inside.
      else if (key === 'prior_state') this.#members({ values: () => this.#shownValues() });
      else cursor.takeValue();
    }
    return this.#isState ? { serial: this.#serial, instances: this.#instances } : undefined;
  }

  #elements(read: () => void): void {
    this.#isState = true;
    if (!this.#cursor.enter('[')) this.#cursor.takeValue();
    else while (this.#cursor.nextElement()) read();
  }

  #members(readers: Readonly<Record<string, () => void>>): void {
    const cursor = this.#cursor;
    if (!cursor.enter('{')) {
      cursor.takeValue();
      return;
    }
    for (let key; (key = cursor.nextKey()) !== undefined;) {
      if (Object.hasOwn(readers, key)) readers[key]?.();
      else cursor.takeValue();
    }
  }

  /** A resource of a state file, with its instances. */
  #resource(): void {
    const cursor = this.#cursor;
    const head = { module: '', mode: '', type: '', name: '' };
    const instances: { text: string; line: number }[] = [];
    const readText = (key: keyof typeof head) => (): void => {
      head[key] = cursor.readString() ?? (cursor.takeValue(), '');
    };
    this.#members({
      module: readText('module'),
      mode: readText('mode'),
      type: readText('type'),
      name: readText('name'),
      instances: () =>
        this.#elements(() => {
          instances.push(this.#object());
          this.#admit(instances.length - 1);
        }),
    });
    for (const { text, line } of instances) {
      const {
        attributes,
        attributes_flat: flat,
        index_key: key,
        deposed,
        status,
        sensitive_attributes: secret,
      } = parse(text);
      this.#keep({
        ...head,
        key,
        status: typeof deposed === 'string' ? 'deposed' : status,
        attributes: attributes ?? flat,
        secret: secretNames(secret),
        line,
      });
    }
  }

  #object(): { text: string; line: number } {
    const line = this.#lines.lineAt(this.#cursor.offset);
    const text = this.#cursor.takeValue();
    if (text.length > maxResource) {
      throw new UserError(message('The state file holds a resource of more than {0} MB.', maxResource / 1_048_576));
    }
    return { text, line };
  }

  #shownValues(): void {
    this.#isState = true;
    this.#members({ root_module: () => this.#shownModule(0) });
  }

  #shownModule(depth: number): void {
    if (depth > deepest) {
      this.#cursor.takeValue();
      return;
    }
    this.#members({
      resources: () => this.#elements(() => this.#shownResource()),
      child_modules: () => this.#elements(() => this.#shownModule(depth + 1)),
    });
  }

  #shownResource(): void {
    const { text, line } = this.#object();
    const {
      address,
      mode,
      type,
      name,
      index,
      values,
      sensitive_values: secret,
      tainted,
      deposed_key: deposed,
    } = parse(text);
    if (typeof address !== 'string' || typeof type !== 'string' || typeof name !== 'string') return;
    const at = address.lastIndexOf(`${mode === 'data' ? 'data.' : ''}${type}.${name}`);
    this.#keep({
      module: address.slice(0, Math.max(0, at - 1)),
      mode,
      type,
      name,
      key: index,
      status: typeof deposed === 'string' ? 'deposed' : tainted === true ? 'tainted' : undefined,
      attributes: values,
      secret: isObject(secret) ? Object.keys(secret).filter((key) => secret[key] === true) : [],
      line,
    });
  }

  #keep(found: FoundInstance): void {
    const instance = makeInstance(found, this.#text);
    if (!instance) return;
    this.#admit();
    this.#instances.push(instance);
  }

  /** @throws UserError where there is no room for one more beside those that are `waiting` */
  #admit(waiting = 0): void {
    if (this.#instances.length + waiting < this.most) return;
    throw new UserError(message('State files of more than {0} resources together are not read.', maxResources));
  }
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

function parse(text: string): Readonly<Record<string, Json>> {
  const value = JSON.parse(text) as Json;
  return isObject(value) ? value : {};
}

/** The attributes that hold secrets, from paths like `[[{"type": "get_attr", "value": "password"}]]`. */
function secretNames(paths: Json | undefined): string[] {
  const firsts = Array.isArray(paths)
    ? paths.map((path: Json) => (Array.isArray(path) ? (path as Json[])[0] : path))
    : [];
  return firsts.flatMap((step: Json | undefined) =>
    isObject(step) && typeof step['value'] === 'string' ? [step['value']] : [],
  );
}

function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
