import { headerFields } from './headerFields';

/** Takes a part of an argument for what it must be; undefined where it is something else. */
type Read<T> = (value: unknown) => T | undefined;

type Parts = Readonly<Record<string, Read<unknown>>>;

const text: Read<string> = (value) => (typeof value === 'string' ? value : undefined);
const flag: Read<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
const oneOf =
  <T extends string>(...values: readonly T[]): Read<T> =>
  (value) =>
    values.find((each) => each === value);

const part = oneOf('request', 'response', 'event');

/**
 * What people do on the page of an event and the host does for them: commands by id, without the common prefix, each with all that
 * it is told. The page can start these and no others. In the menus and the palette they are the same commands.
 */
export const panelActions = {
  openBody: { eventId: text, part },
  compareEvents: { left: text, right: text, part },
  goToUri: { eventId: text, target: oneOf('code', 'live', 'browser') },
  /** `focus`: whether the view of events gets it. */
  showResourceHistory: { resourceId: text, focus: flag },
  /** Opens the code that declares or names an id or an address. */
  showCode: { id: text },
  setFilter: { query: text },
  copyText: { text },
  copyField: { eventId: text, field: oneOf(...headerFields) },
  copyBody: { eventId: text, part, pretty: flag },
  copyCurl: { eventId: text },
  copyMarkdown: { eventId: text },
  copyLink: { eventId: text },
} as const satisfies Readonly<Record<string, Parts>>;

export type ActionId = keyof typeof panelActions;

type ArgumentOf<Declared extends Parts> = {
  readonly [Name in keyof Declared]: Exclude<ReturnType<Declared[Name]>, undefined>;
};

/** What an action is told. */
export type ActionArgument<Id extends ActionId> = ArgumentOf<(typeof panelActions)[Id]>;

/** What an action is told by whomever, and nothing beside it. @throws TypeError where there is no such action, or it takes something else */
export function readArgument<Id extends ActionId>(id: Id, argument: unknown): ActionArgument<Id> {
  if (!Object.hasOwn(panelActions, id)) throw new TypeError(`There is no action ${id}`);
  const given = (argument ?? {}) as Readonly<Record<string, unknown>>;
  const read = Object.entries<Read<unknown>>(panelActions[id]).map(([name, read]) => {
    const value = read(given[name]);
    if (value === undefined) throw new TypeError(`${id} takes another "${name}"`);
    return [name, value];
  });
  return Object.fromEntries(read) as ActionArgument<Id>;
}

/** The commands of a body's context menu: the page does them, at the place that the menu was opened on. */
export const menuCommands = [
  'copySelection',
  'copyValue',
  'copyPath',
  'showLinkHistory',
  'showLinkCode',
  'findLink',
] as const;

export type MenuCommand = (typeof menuCommands)[number];
