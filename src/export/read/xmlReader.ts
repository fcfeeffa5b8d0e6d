/** What is told of a text in XML. Names come without their prefix. */
export interface XmlHandler {
  /** `tag` is all between the brackets, for {@link readAttributes}. */
  open(name: string, tag: string): void;
  close(name: string): void;
  /** A part of a text: it may come in many. */
  text(text: string): void;
}

/** UTF-16 units of a tag: far more than any of a workbook has. */
const maxTag = 1 << 16;

/** What is skipped, and how it ends. CDATA is text. */
const passages = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/**
 * Reads XML chunk by chunk in linear time, whatever it is: what is under way is never read again but for a tag's beginning, and
 * never held but for that. Knows no document types, so no entities of its own. Libraries hold comments and texts as a whole, and
 * go over them again with each chunk.
 */
export class XmlReader {
  #rest = '';
  /** The passage under way. */
  #passage: (typeof passages)[number] | undefined;

  constructor(private readonly handler: XmlHandler) {}

  /** @throws Error where this is no XML of a workbook */
  push(chunk: string): void {
    const text = this.#rest + chunk;
    this.#rest = '';
    for (let at = 0; at < text.length;) {
      const next = this.#passage
        ? this.#endPassage(text, at)
        : text.startsWith('<', at)
          ? this.#readTag(text, at)
          : this.#readText(text, at);
      if (next === undefined) return;
      at = next;
    }
  }

  /** Where reading goes on; undefined where the text ends before. */
  #endPassage(text: string, at: number): number | undefined {
    const [begin, mark] = this.#passage ?? passages[0];
    const found = text.indexOf(mark, at);
    const end = found < 0 ? Math.max(at, text.length - mark.length + 1) : found;
    if (begin === '<![CDATA[' && end > at) this.handler.text(text.slice(at, end));
    if (found < 0) {
      this.#rest = text.slice(end);
      return undefined;
    }
    this.#passage = undefined;
    return end + mark.length;
  }

  #readText(text: string, at: number): number | undefined {
    const next = text.indexOf('<', at);
    const end = next < 0 ? endOfWhole(text, at) : next;
    if (end > at) this.handler.text(decodeEntities(text.slice(at, end)));
    if (next < 0) this.#rest = text.slice(end);
    return next < 0 ? undefined : next;
  }

  #readTag(text: string, at: number): number | undefined {
    const second = text[at + 1];
    const isOther = second === '!' || second === '?';
    this.#passage = isOther ? passages.find(([begin]) => text.startsWith(begin, at)) : undefined;
    if (this.#passage) return at + this.#passage[0].length;
    const isCutOff = isOther && passages.some(([begin]) => begin.startsWith(text.slice(at, at + begin.length)));
    const end = isCutOff ? -1 : endOfTag(text, at + 1);
    if (end < 0) {
      if (text.length - at > maxTag) throw new Error('A tag without end');
      this.#rest = text.slice(at);
      return undefined;
    }
    if (isOther) throw new Error('A document type, which no workbook has');
    const tag = text.slice(at + 1, end);
    if (tag.startsWith('/')) this.handler.close(nameOf(tag.slice(1)));
    else {
      const name = nameOf(tag);
      this.handler.open(name, tag);
      if (tag.endsWith('/')) this.handler.close(name);
    }
    return end + 1;
  }
}

/** The attributes of a tag, by their names without prefix. */
export function readAttributes(tag: string): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single] of tag.matchAll(/\s(?:\w+:)?([\w.-]+)=(?:"([^"]*)"|'([^']*)')/g))
    attributes[name] = decodeEntities(double ?? single ?? '');
  return attributes;
}

function nameOf(tag: string): string {
  return /^(?:[\w.-]+:)?([\w.-]+)/.exec(tag)?.[1] ?? '';
}

function endOfTag(text: string, from: number): number {
  let quote = 0;
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (quote !== 0) quote = unit === quote ? 0 : quote;
    else if (unit === 0x22 || unit === 0x27) quote = unit;
    else if (unit === 0x3e) return at;
  }
  return -1;
}

/** Behind the last whole character of a text that is cut off. */
function endOfWhole(text: string, at: number): number {
  const entity = text.lastIndexOf('&');
  return entity >= at && text.length - entity < 12 && !text.includes(';', entity) ? entity : text.length;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return entities[name.toLowerCase()] ?? whole;
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
