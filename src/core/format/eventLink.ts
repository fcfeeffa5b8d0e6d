import { UserError } from '../base/errors';
import { message } from '../base/message';
import { readTime } from '../time/time';

/** What a link to an event says. */
export interface EventLink {
  readonly eventId: string;
  /** The name of the connection it was made in. */
  readonly connection: string;
  /** UTC milliseconds. */
  readonly at: number | undefined;
}

const extension = 'activity-log.vk-cloud-activity-log';
const longest = 4_000;

/**
 * `vscode://activity-log.vk-cloud-activity-log/event/<id>?connection=<name>&at=<time>`; `scheme` is the editor's own. Undefined for an
 * id or name that no link may carry.
 */
export function writeEventLink({ eventId, connection, at }: EventLink, scheme: string): string | undefined {
  if (holdsBrackets(eventId + connection)) return undefined;
  const time = at === undefined ? '' : `&at=${new Date(at).toISOString().replace('.000Z', 'Z')}`;
  return `${scheme}://${extension}/event/${encode(eventId)}?connection=${encode(connection)}${time}`;
}

/**
 * Reads a link from path and query, both decoded once, as the editor hands them over.
 * @throws UserError where it is no link to an event, or names one with brackets: who made the link is not known, and brackets make links
 * where its names are shown
 */
export function readEventLink(path: string, query: string): EventLink {
  const eventId = /^\/event\/(.+)$/s.exec(path)?.[1];
  if (eventId === undefined || path.length + query.length > longest) {
    throw new UserError(message('This link is no link to an event. Such links are made by "Copy Link to Event".'));
  }
  const values = new Map(
    query.split('&').map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name, decode(value.join('='))];
    }),
  );
  const link = { eventId: decode(eventId), connection: values.get('connection') ?? '' };
  if (holdsBrackets(link.eventId + link.connection)) {
    throw new UserError(
      message(
        'The link is refused: it names an event or a connection with square or angle brackets, which links made here never do. Check who sent it.',
      ),
    );
  }
  return { ...link, at: readTime(values.get('at') ?? '') };
}

/** Round ones stand in names of our own making: `production (2)`. */
function holdsBrackets(text: string): boolean {
  return /[[\]<>]/.test(text);
}

/** The editor decodes the whole query before it is taken apart, so what has a meaning there is encoded twice. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD').replace(/[%&#/]/g, encodeURIComponent)).replace(
    /[!'()*_~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
