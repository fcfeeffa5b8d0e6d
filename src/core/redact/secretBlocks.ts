import { isPlainName, isTokenName } from './secretNames';
import { isLiteral, type Found } from './secretValue';

/** Looks back no further than this for what a line begins with (UTF-16 units). */
const maxIndent = 64;

/** How far the name is indented where it is the first thing on its line; undefined where it is not. */
export function indentBefore(text: string, start: number): number | undefined {
  let at = start;
  while (at > 0 && start - at < maxIndent && /[ \t"'-]/.test(text.charAt(at - 1))) at--;
  return at === 0 || text[at - 1] === '\n' ? start - at : undefined;
}

/**
 * Reads what belongs to a name indented by `indent` in the lines below it: a block of YAML (`|`, `>`), its list or mapping, or
 * a here-document. Returns where it ends; undefined where none begins at `at`.
 */
export function readBlock(text: string, at: number, indent: number, name: string, found: Found): number | undefined {
  const heredoc = /<<[-~]?[ \t]*["']?(\w{1,64})["']?[^\n]*\n/y;
  heredoc.lastIndex = at;
  const tag = heredoc.exec(text)?.[1];
  if (tag !== undefined) {
    const start = heredoc.lastIndex;
    const end = endOfHeredoc(text, start, tag);
    if (end > start) found(start, end, name);
    return end;
  }
  const header = /(?:![\w.!/-]{0,64}[ \t]{1,8})?[|>][+\-\d]{0,4}[ \t]*\r?\n/y;
  header.lastIndex = at;
  if (header.test(text)) return readLiteral(text, header.lastIndex, indent, name, found);
  const open = /[ \t]*(?:#[^\n]*)?\r?\n/y;
  open.lastIndex = at;
  return open.test(text) && !/credentials?$/i.test(name)
    ? readMembers(text, open.lastIndex, indent, name, found)
    : undefined;
}

function endOfHeredoc(text: string, start: number, tag: string): number {
  let line = start;
  while (line < text.length) {
    const next = text.indexOf('\n', line);
    const end = next < 0 ? text.length : next;
    if (end - line < maxIndent + tag.length && text.slice(line, end).trim() === tag) return Math.max(start, line - 1);
    line = end + 1;
  }
  return text.length;
}

const line = (): RegExp => /([ \t]*)([^\n]*)(\n|$)/y;

function readLiteral(text: string, start: number, indent: number, name: string, found: Found): number | undefined {
  const lines = line();
  let end = start;
  let next = start;
  while (next < text.length) {
    lines.lastIndex = next;
    const [whole = '', spaces = '', content = ''] = lines.exec(text) ?? [];
    if (content.trim() !== '' && spaces.length <= indent) break;
    next += whole.length;
    if (content.trim() !== '') end = next - (whole.endsWith('\n') ? 1 : 0);
  }
  if (end === start) return undefined;
  found(start + (/^[ \t]*/.exec(text.slice(start, start + 200))?.[0].length ?? 0), end, name);
  return end;
}

/** The plain values of the list or mapping below a name; those of ids, names and the like stay. */
function readMembers(text: string, start: number, indent: number, name: string, found: Found): number | undefined {
  const lines = line();
  let next = start;
  let read: number | undefined;
  while (next < text.length) {
    lines.lastIndex = next;
    const [whole = '', spaces = '', content = ''] = lines.exec(text) ?? [];
    const isItem = /^-[ \t]/.test(content);
    if (content.trim() !== '' && spaces.length <= indent - (isItem ? 1 : 0)) break;
    const [head = '', key] = /^(?:-[ \t]+)?(?:["']?([\w.-]{1,128})["']?[ \t]*:(?:[ \t]+|\r?$))?/.exec(content) ?? [];
    const value = content.slice(head.length).trimEnd();
    const at = next + spaces.length + head.length;
    next += whole.length;
    if (key === undefined ? !isItem : !takes(name, key)) continue;
    const literal = /^[|>][+\-\d]{0,4}$/.test(value) && readLiteral(text, next, spaces.length, key ?? name, found);
    if (literal) read = next = literal;
    else if (!isLiteral(value)) {
      const quote = /^(["'])[^]*\1$/.test(value) && value.length > 1 ? 1 : 0;
      if (value.length > 2 * quote) found(at + quote, at + value.length - quote, key ?? name);
      read = at + value.length;
    }
  }
  return read;
}

/** Whether a value of this name is secret in a mapping of that name, as in JSON: of a token only its id. */
function takes(owner: string, key: string): boolean {
  return isTokenName(owner) ? key === 'id' : !isPlainName(key);
}

/** Reads the value of a field of a multipart form whose name was found to be secret: from `form-data; name="..."` on. */
export function readFormPart(text: string, at: number, isSecret: (name: string) => boolean, found: Found): number {
  const head = /form-data;[ \t]*name="?([^"\r\n;]{1,128})"?[^\r\n]{0,256}\r?\n(?:[^\r\n]{1,256}\r?\n){0,4}\r?\n/iy;
  head.lastIndex = at;
  const name = head.exec(text)?.[1];
  if (name === undefined || !isSecret(name)) return at;
  const start = head.lastIndex;
  const boundary = text.indexOf('\n--', start);
  const end = boundary < 0 ? text.length : boundary - (text[boundary - 1] === '\r' ? 1 : 0);
  if (end > start) found(start, end, name);
  return Math.max(start, end);
}
