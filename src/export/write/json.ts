import type { ActivityEvent } from '../../core/event/event';
import { slices } from './slices';
import { sliceSize, textWriter } from './textWriter';

/** The API's own shape: `{"logs": [...]}` with every field as received. */
export const writeJson = textWriter({
  head: '{"logs": [',
  *pieces(event, index) {
    yield index === 0 ? '\n' : ',\n';
    yield* jsonPieces(event);
  },
  tail: '\n]}\n',
});

/** One event a line, every field as received. */
export const writeNdjson = textWriter({
  head: '',
  *pieces(event) {
    yield* jsonPieces(event);
    yield '\n';
  },
  tail: '',
});

/** What `JSON.stringify(event)` gives, long strings in slices. Lone surrogates come out escaped, so the bytes are valid UTF-8. */
function* jsonPieces(event: ActivityEvent): Generator<string> {
  let opening = '{';
  for (const [field, value] of Object.entries(event)) {
    yield `${opening}${JSON.stringify(field)}:`;
    opening = ',';
    if (typeof value === 'string' && value.length > sliceSize) {
      yield '"';
      for (const slice of slices(value, sliceSize)) yield JSON.stringify(slice).slice(1, -1);
      yield '"';
    } else {
      yield JSON.stringify(value);
    }
  }
  yield opening === '{' ? '{}' : '}';
}
