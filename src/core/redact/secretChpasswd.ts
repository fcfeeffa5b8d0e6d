import type { Found } from './secretValue';

/** `user:password` pairs: the indented lines under cloud-init's `chpasswd:`, or what a shell pipes into the command. */
export function readChpasswd(text: string, at: number, found: Found): number {
  const before = text.slice(Math.max(0, at - 200), at);
  const pipe = /\|[ \t]{0,8}(?:sudo[ \t]{1,8})?$/.exec(before)?.index;
  const piped = pipe === undefined ? null : pipedPair.exec(before.slice(0, pipe));
  if (piped) {
    const start = at - before.length + piped.index + piped[0].indexOf(':') + 1;
    found(start, start + (piped[1] as string).length, 'chpasswd');
    return at + 'chpasswd'.length;
  }
  const heredoc = /chpasswd[^\n]{0,80}?<<[-~]?[ \t]*["']?(\w{1,64})["']?[^\n]*\n((?:[\w.-]{1,64}:[^\n]*\n)+)/y;
  heredoc.lastIndex = at;
  const lines = heredoc.exec(text)?.[2];
  if (lines !== undefined) {
    const start = heredoc.lastIndex - lines.length;
    for (const pair of lines.matchAll(/:([^\s:][^\n]*)(?:\n|$)/g))
      found(start + pair.index + 1, start + pair.index + 1 + (pair[1] as string).trimEnd().length, 'chpasswd');
    return heredoc.lastIndex;
  }
  const head = /chpasswd["']?:[^\n]*(?:\n|$)/iy;
  head.lastIndex = at;
  const [first] = head.exec(text) ?? [];
  if (first === undefined) return at;
  // In the flow style of YAML the list stands on the same line.
  const flow = first.indexOf('list');
  if (flow < 0 && cueInLine.test(first.slice('chpasswd'.length))) return at + 'chpasswd'.length;
  for (const pair of flow < 0 ? [] : first.slice(flow).matchAll(/(?<![\w.-])[\w.-]{1,64}:([^\s"',{}[\]]+)/g)) {
    const value = pair[1] as string;
    const end = at + flow + pair.index + pair[0].length;
    found(end - value.length, end, 'chpasswd');
  }
  const line =
    /[ \t]+(?:-[ \t]*)?(?:(?:list|expire|users|name|type):[^\n]*|(?:["']?[\w.-]+:([^\s"']+)[^\n]*)|[^\n]*)(?:\n|$)/y;
  let next = head.lastIndex;
  for (;;) {
    line.lastIndex = next;
    const match = line.exec(text);
    if (!match || match[0] === '') return next;
    if (match[1] !== undefined) {
      const start = next + match[0].indexOf(':') + 1;
      found(start, start + match[1].length, 'chpasswd');
    } else if (cueInLine.test(match[0])) {
      // Named values (`password: x`) inside the block are read like anywhere else.
      return next;
    }
    next += match[0].length;
  }
}

/** Starts where a word does, so that no long word is read again from each of its letters. */
const pipedPair = /(?<![^\s"'|])[\w.-]+:([^\s"'|]+)["']?[ \t]{0,8}$/;
const cueInLine = /passw|secret|token/i;
