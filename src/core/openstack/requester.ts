/**
 * Who asks for the log: the owner of the token, as Keystone describes it. Nothing but what the log itself tells of its
 * users (the id), and the names of roles.
 */
export interface Requester {
  readonly userId: string;
  /** Names of the roles in the project, sorted; none where Keystone does not tell them. */
  readonly roles: readonly string[];
}

/** More than any user has. */
const maxRoles = 64;
const maxLength = 128;

/** Reads what Keystone says of a token's owner; undefined where it names no user. */
export function readRequester(user: unknown, roles: unknown): Requester | undefined {
  const userId = textOf(user, 'id');
  if (userId === '') return undefined;
  const names = Array.isArray(roles) ? roles.slice(0, maxRoles).map((role) => textOf(role, 'name')) : [];
  return { userId, roles: [...new Set(names)].filter((name) => name !== '').sort() };
}

/** Names a requester in the history; '' = it is not known whose the token is. */
export function requesterKey(requester: Requester | undefined): string {
  return requester ? JSON.stringify([requester.userId, ...requester.roles]) : '';
}

/**
 * Whether what was loaded by `loader` holds all that `asker` may see; both are keys. Nothing but more roles of the same user
 * is known to show at least as much. Where it is not known who asks, all that was loaded counts.
 */
export function sawAsMuch(loader: string, asker: string): boolean {
  if (asker === '' || loader === asker) return true;
  if (loader === '') return false;
  const [user, ...roles] = readKey(loader);
  const [asking, ...wanted] = readKey(asker);
  return user === asking && wanted.every((role) => roles.includes(role));
}

/** Nothing where the key is damaged. */
function readKey(key: string): string[] {
  try {
    return JSON.parse(key) as string[];
  } catch {
    return [];
  }
}

/** The text without what could be markup or a link where it is shown. */
function textOf(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null) return '';
  const text = (value as Record<string, unknown>)[name];
  return typeof text === 'string' ? text.slice(0, maxLength).replace(/[^\p{L}\p{N} _.-]/gu, '_') : '';
}
