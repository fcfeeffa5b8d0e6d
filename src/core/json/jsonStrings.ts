/** The text in a JSON string, and where each of its characters stands in the outermost text. */
export interface InnerText {
  readonly text: string;
  /** One more than characters: the last is where the string ends. */
  readonly offsets: Uint32Array;
}

/** A part of `text` as it is. `offsets` are those of `text`, undefined where it is the outermost itself. */
function sliceText(text: string, start: number, end: number, offsets: Uint32Array | undefined): InnerText {
  const inner = text.slice(start, end);
  if (offsets) return { text: inner, offsets: offsets.subarray(start, end + 1) };
  const own = new Uint32Array(end - start + 1);
  for (let index = 0; index < own.length; index++) own[index] = start + index;
  return { text: inner, offsets: own };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** The content of a JSON string without its escapes. Unknown and cut-off escapes stand for what follows the backslash. */
export function unescapeText(text: string, start: number, end: number, offsets: Uint32Array | undefined): InnerText {
  if (!text.slice(start, end).includes('\\')) return sliceText(text, start, end, offsets);
  const positions = new Uint32Array(end - start + 1);
  const parts: string[] = [];
  let length = 0;
  let plainFrom = start;
  const place = (at: number): number => (offsets ? (offsets[at] as number) : at);
  for (let at = start; at < end;) {
    positions[length++] = place(at);
    if (text.charCodeAt(at) !== 92) {
      at++;
      continue;
    }
    parts.push(text.slice(plainFrom, at));
    const letter = text.charAt(at + 1);
    const hex = letter === 'u' ? /^[\da-f]{4}/i.exec(text.slice(at + 2, Math.min(at + 6, end)))?.[0] : undefined;
    // A backslash that is cut off at the end must stand for itself: each position needs its character.
    parts.push(
      hex === undefined ? (escapes[letter] ?? (at + 1 < end ? letter : '\\')) : String.fromCharCode(parseInt(hex, 16)),
    );
    at = Math.min(at + (hex === undefined ? 2 : 6), end);
    plainFrom = at;
  }
  if (plainFrom < end) parts.push(text.slice(plainFrom, end));
  positions[length] = place(end);
  return { text: parts.join(''), offsets: positions.subarray(0, length + 1) };
}

/** A part of `text` without its percent escapes; broken ones stay. */
export function unescapePercent(text: string, start: number, end: number): InnerText {
  const offsets = new Uint32Array(end - start + 1);
  const parts: string[] = [];
  let length = 0;
  for (let at = start; at < end;) {
    const byte = text[at] === '%' ? parseInt(text.slice(at + 1, at + 3), 16) : NaN;
    const escaped = Number.isNaN(byte) ? 0 : byte < 0xc0 ? 3 : byte < 0xe0 ? 6 : byte < 0xf0 ? 9 : 12;
    const whole = text.slice(at, Math.min(end, at + Math.max(escaped, 1)));
    const part = escaped > 0 ? decode(whole) : whole;
    parts.push(part);
    for (let unit = 0; unit < part.length; unit++) offsets[length++] = part === whole ? at + unit : at;
    at += whole.length;
  }
  offsets[length] = end;
  return { text: parts.join(''), offsets: offsets.subarray(0, length + 1) };
}

function decode(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}
