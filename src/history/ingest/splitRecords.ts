import type { ActivityEvent } from '../../core/event/event';
import { toJson } from '../../core/json/json';

/** Where one record ends and the next begins. Within strings quotes are escaped, so it hardly looks so there. */
const border = /\}\s*,\s*\{(?=\s*["}])/g;

/**
 * The text of each record, exactly as received, as a part of `bytes`; undefined where that cannot be told for sure.
 * `text` is `bytes` as Latin-1. Every border between records is found, so when as many are found as there must be, they are
 * the right ones.
 */
export function splitRecords(
  bytes: Uint8Array,
  text: string,
  records: readonly ActivityEvent[],
): Uint8Array[] | undefined {
  const [first] = records;
  const last = records.at(-1);
  if (!first || !last) return [];
  const list =
    /^\s*\[\s*(?=\{)|^[^{[]*\{\s*(?:"[^"\\]*"\s*:\s*(?:"[^"\\]*"|null)\s*,\s*)*"logs"\s*:\s*\[\s*(?=\{)/.exec(text);
  if (!list) return undefined;
  const end = findEnd(text);
  if (end === undefined) return undefined;
  const parts: Uint8Array[] = [];
  let start = list[0].length;
  border.lastIndex = start;
  for (let found = border.exec(text); found && found.index < end; found = border.exec(text)) {
    if (parts.push(bytes.subarray(start, found.index + 1)) === records.length) return undefined;
    start = found.index + found[0].length - 1;
  }
  parts.push(bytes.subarray(start, end));
  const isRight = parts.length === records.length && isRecord(parts[0], first) && isRecord(parts.at(-1), last);
  return isRight ? parts : undefined;
}

/** Behind the last record: only the marker may follow the list. */
function findEnd(text: string): number | undefined {
  const list = text.lastIndexOf(']');
  const rest = /^\]\s*(?:,\s*"[^"\\]*"\s*:\s*(?:"[^"\\]*"|null)\s*)*(?:\}\s*)?$/.test(text.slice(list));
  if (list < 0 || !rest) return undefined;
  const last = text.lastIndexOf('}', list);
  return last < 0 ? undefined : last + 1;
}

function isRecord(bytes: Uint8Array | undefined, record: ActivityEvent): boolean {
  try {
    return toJson(JSON.parse(new TextDecoder().decode(bytes)) as ActivityEvent) === toJson(record);
  } catch {
    return false;
  }
}
