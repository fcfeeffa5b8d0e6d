import { eventFields, fieldText, type ActivityEvent, type EventField } from '../../core/event/event';
import { escapeHtml, escapeInline, fenceFor } from '../../core/base/markdownText';
import { format, message } from '../../core/base/message';
import { readTime } from '../../core/time/time';
import { Pace } from './pace';
import { slices } from './slices';
import { sliceSize } from './textWriter';
import type { Scratch, Writer } from './writer';

const bodies = ['request_body', 'response_body'] as const satisfies readonly EventField[];
const columns = eventFields.filter((field) => !bodies.some((body) => body === field));
const chunkSize = 128 * 1024;

/**
 * For a ticket: a line with count and times, a table of the events without their bodies, and the bodies below as blocks
 * that fold. Event ids are links that open the event in the editor. Reads the same in any Markdown with tables, whatever the events hold.
 */
export const writeMarkdown: Writer = async function* write(batches, context) {
  const pace = new Pace(context.signal);
  const table = new Section(await context.createScratch());
  const details = new Section(await context.createScratch());
  let [count, oldest, newest] = [0, Infinity, -Infinity];
  for await (const batch of batches) {
    for (const event of batch) {
      count++;
      const time = readTime(fieldText(event, 'timestamp'));
      if (time !== undefined) [oldest, newest] = [Math.min(oldest, time), Math.max(newest, time)];
      const link = context.link?.(event);
      const cells = columns.map((field) => {
        const text = escapeInline(fieldText(event, field));
        return field === 'event_id' && link !== undefined ? `[${text}](${link})` : text;
      });
      await table.add(`| ${cells.join(' | ')} |\n`);
      for (const piece of detailPieces(event)) {
        await details.add(piece);
        if (pace.due) await pace.rest();
      }
      if (pace.due) await pace.rest();
    }
  }
  const utc = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');
  const title =
    oldest <= newest
      ? message('**Activity log**, events: {0}, {1} to {2}', count, utc(oldest), utc(newest))
      : message('**Activity log**, events: {0}', count);
  const note = context.note ? `${escapeInline(format(context.note))}\n\n` : '';
  yield Buffer.from(
    `${format(title)}\n\n${note}| ${columns.map(escapeInline).join(' | ')} |\n|${' --- |'.repeat(columns.length)}\n`,
  );
  yield* table.read();
  yield* details.read();
};

/** A part of the document that grows on disk while others are written. */
class Section {
  #text = '';

  constructor(private readonly scratch: Scratch) {}

  async add(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= chunkSize) await this.#append();
  }

  async *read(): AsyncGenerator<Uint8Array> {
    await this.#append();
    yield* this.scratch.read();
  }

  async #append(): Promise<void> {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    await this.scratch.append(bytes);
  }
}

function* detailPieces(event: ActivityEvent): Generator<string> {
  for (const body of bodies) {
    const text = fieldText(event, body);
    if (text === '') continue;
    const title = [fieldText(event, 'timestamp'), fieldText(event, 'action'), fieldText(event, 'event_id'), body];
    const fence = fenceFor(text);
    yield `\n<details><summary>${escapeHtml(title.filter(Boolean).join(' '))}</summary>\n\n${fence}\n`;
    yield* slices(text, sliceSize);
    yield `\n${fence}\n\n</details>\n`;
  }
}
