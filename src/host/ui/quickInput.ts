import {
  window,
  type InputBox,
  type InputBoxOptions,
  type QuickInput,
  type QuickPick,
  type QuickPickItem,
  type QuickPickOptions,
} from 'vscode';
import { inertText } from '../../core/base/inertText';

// The editor's own, but that no text becomes a link or an icon, whoever wrote it. Icons of ours are given as `iconPath`. The items that
// come back are copies with such texts, so what is meant for the program goes into properties of its own.

const inertOptions = new Set<PropertyKey>(['title', 'prompt', 'placeholder', 'placeHolder', 'validationMessage']);

export function createInputBox(): InputBox {
  return guard(window.createInputBox());
}

export function createQuickPick<T extends QuickPickItem>(): QuickPick<T> {
  return guard(window.createQuickPick<T>());
}

/** What is wrong with the text is told while it is typed. */
type Check = (text: string) => string | undefined | Promise<string | undefined>;

export function showInputBox({
  validateInput,
  ...options
}: Omit<InputBoxOptions, 'validateInput'> & { readonly validateInput?: Check }): Thenable<string | undefined> {
  const check: Check = async (text) => inertOptional(await validateInput?.(text));
  return window.showInputBox({ ...guardAll(options), ...(validateInput && { validateInput: check }) });
}

export function showQuickPick<T extends QuickPickItem>(
  items: readonly T[] | Promise<readonly T[]>,
  options: QuickPickOptions,
): Thenable<T | undefined> {
  return window.showQuickPick<T>(Promise.resolve(items).then(inertItems), guardAll(options));
}

/** The input, with texts made inert as they are set. */
function guard<I extends QuickInput>(input: I): I {
  return new Proxy(input, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, guarded(key, value)),
  });
}

function guardAll<O extends object>(options: O): O {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, guarded(key, value)])) as O;
}

function guarded(key: PropertyKey, value: unknown): unknown {
  if (key === 'items') return inertItems(value as readonly QuickPickItem[]);
  return inertOptions.has(key) && typeof value === 'string' ? inertText(value) : value;
}

function inertItems<T extends QuickPickItem>(items: readonly T[]): T[] {
  return items.map((item) => ({
    ...item,
    label: inertText(item.label),
    description: inertOptional(item.description),
    detail: inertOptional(item.detail),
  }));
}

function inertOptional(text: string | undefined): string | undefined {
  return text === undefined ? undefined : inertText(text);
}
