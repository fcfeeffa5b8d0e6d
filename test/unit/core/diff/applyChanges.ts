import type { ChangedPath } from '../../../../src/core/diff/changedPaths';
import type { JsonNode } from '../../../../src/core/json/jsonTree';

/** A tree of tokens as written, without places: what two equal texts have in common. */
type Tokens =
  | { readonly opened: boolean; readonly fields: ReadonlyMap<string, Tokens> }
  | { readonly opened: boolean; readonly items: readonly Tokens[] }
  | string;

export function toTokens(text: string, node: JsonNode): Tokens {
  const { opened } = node;
  if (node.fields) {
    return { opened, fields: new Map([...node.fields].map(([key, value]) => [key, toTokens(text, value)])) };
  }
  return node.items
    ? { opened, items: node.items.map((item) => toTokens(text, item)) }
    : text.slice(node.from, node.to);
}

/** Carries out listed changes on the left side, knowing nothing else of the right. */
export function applyChanges(left: Tokens, right: string, changes: readonly ChangedPath[]): Tokens {
  const added = ({ right: node }: ChangedPath): Tokens => {
    if (!node) throw new Error('nothing to put there');
    return toTokens(right, node);
  };
  const apply = (value: Tokens, steps: readonly (string | number)[]): Tokens => {
    const here = changes.filter((change) => change.steps.length === steps.length && begins(change.steps, steps));
    const changed = here.find(({ kind }) => kind === 'changed');
    if (changed) return added(changed);
    if (typeof value === 'string') return value;
    const inside = changes.filter((change) => change.steps.length === steps.length + 1 && begins(change.steps, steps));
    const of = (kind: ChangedPath['kind']): ChangedPath[] => inside.filter((change) => change.kind === kind);
    const last = (change: ChangedPath): string | number | undefined => change.steps.at(-1);
    const gone = new Set(of('removed').map(last));
    if ('fields' in value) {
      const kept = [...value.fields].filter(([key]) => !gone.has(key));
      const fields = kept.map(([key, field]) => [key, apply(field, [...steps, key])] as const);
      return {
        opened: value.opened,
        fields: new Map([...fields, ...of('added').map((each) => [String(last(each)), added(each)] as const)]),
      };
    }
    const order = here.find(({ kind }) => kind === 'order')?.order ?? [...value.items.keys()];
    const kept = order.filter((index) => !gone.has(index)).map((index) => value.items[index] as Tokens);
    const news = new Map(of('added').map((each) => [last(each), added(each)]));
    const items = Array.from({ length: kept.length + news.size }, (_, index) => {
      const fresh = news.get(index);
      if (fresh !== undefined) return fresh;
      const item = kept.shift();
      if (item === undefined) throw new Error('too few elements');
      return apply(item, [...steps, index]);
    });
    return { opened: value.opened, items };
  };
  return apply(left, []);
}

function begins(steps: readonly (string | number)[], beginning: readonly (string | number)[]): boolean {
  return beginning.every((step, index) => step === steps[index]);
}
