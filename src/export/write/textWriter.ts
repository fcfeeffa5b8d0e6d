import type { ActivityEvent } from '../../core/event/event';
import { Pace } from './pace';
import type { WriteContext, Writer } from './writer';

/** Bytes are handed on in chunks of about this many characters. */
const chunkSize = 128 * 1024;

/** A long text is handled in slices of this many characters, so that none blocks the thread. */
export const sliceSize = 64 * 1024;

/** A text format that writes one event after the other. */
interface TextFormat {
  readonly head: string;
  /** The text of one event in pieces; no piece ends within a surrogate pair. */
  pieces(event: ActivityEvent, index: number, context: WriteContext): Iterable<string>;
  readonly tail: string;
}

/** The writer of a text format, UTF-8. */
export function textWriter(format: TextFormat): Writer {
  return async function* write(batches, context) {
    const pace = new Pace(context.signal);
    let text = format.head;
    let index = 0;
    for await (const batch of batches) {
      for (const event of batch) {
        for (const piece of format.pieces(event, index++, context)) {
          text += piece;
          if (text.length >= chunkSize) {
            yield Buffer.from(text);
            text = '';
          }
          if (pace.due) await pace.rest();
        }
      }
    }
    yield Buffer.from(text + format.tail);
  };
}
