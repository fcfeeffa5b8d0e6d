import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodePage } from '../../../src/core/event/decode';
import { eventFields, fieldText, type ActivityEvent } from '../../../src/core/event/event';
import { exportEvents, type ExportOptions } from '../../../src/export/write/exportEvents';
import type { ExportFormat } from '../../../src/export/write/formats';
import { openLogFile } from '../../../src/export/read/openLogFile';

export const never = new AbortController().signal;

/** A folder of its own for each test of the suite that calls this. */
export function useFolder(): { readonly path: string; file(name: string): string; names(): Promise<string[]> } {
  let path = '';
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'export-'));
  });
  afterEach(() => rm(path, { recursive: true, force: true }));
  return {
    get path() {
      return path;
    },
    file: (name) => join(path, name),
    names: () => readdir(path),
  };
}

/** The events in batches of `size`, each in a turn of its own. */
export async function* inBatches(events: readonly ActivityEvent[], size = 7): AsyncGenerator<readonly ActivityEvent[]> {
  for (let start = 0; start < events.length; start += size) {
    await Promise.resolve();
    yield events.slice(start, start + size);
  }
}

export async function write(
  format: ExportFormat,
  path: string,
  events: readonly ActivityEvent[],
  options: Partial<ExportOptions> = {},
): Promise<void> {
  await exportEvents(format, path, inBatches(events), { formulaGuard: true, ...options }, never);
}

/** Everything that a saved file gives to who loads it, in pages of `limit`. */
export async function load(path: string, limit = 5): Promise<{ events: ActivityEvent[]; unreadable: string[] }> {
  const file = await openLogFile(path, never);
  const events: ActivityEvent[] = [];
  const unreadable: string[] = [];
  try {
    const { from, to } = file.range ?? { from: 0, to: 0 };
    let marker: string | undefined;
    do {
      const bytes = await file.source.page({ component: undefined, from, to, marker, limit }, never);
      const page = decodePage(new TextDecoder().decode(bytes));
      events.push(...page.records.map((record) => record.event));
      unreadable.push(...page.unreadable.map((each) => JSON.parse(each.text) as string));
      marker = page.marker;
    } while (marker !== undefined);
    if (file.events !== events.length || file.unreadable !== unreadable.length) throw new Error('Counted otherwise');
  } finally {
    file.dispose();
  }
  return { events, unreadable };
}

/** The columns of an event as a table tells them: undefined where the record has none. */
export function columnsOf(event: ActivityEvent, change = (text: string): string => text): (string | undefined)[] {
  return eventFields.map((field) =>
    Object.hasOwn(event, field) && event[field] !== null ? change(fieldText(event, field)) : undefined,
  );
}

/** The documented sample answer, one of whose ids is no UUID. */
export const sample: readonly ActivityEvent[] = [
  {
    action: 'create-floating-ip',
    event_id: '9840e233-6717-44d3-af7d-7a68837ee893',
    method: 'POST',
    request_body: '{}',
    request_id: 'req-6bee7f11-b233-430a-9c55-f476be373b23',
    response_body: '{}',
    source: 'neutron',
    success: 'yes',
    timestamp: '2021-07-16T13:13:20Z',
    uri: '/v2.0/floatingips',
    user_email: 'example@mcs.mail.ru',
    user_id: 'd06lc1dd59bc22c4bc15d1de98d28119',
  },
  {
    action: 'vm-action',
    event_id: '7259205b-7u4e-4078-9ffc-zf15d2bd1a8f',
    method: 'POST',
    request_body: '{}',
    request_id: 'req-8449b158-19bb-41b1-b0b4-e3522b9119f4',
    response_body: '{}',
    source: 'new',
    success: 'yes',
    timestamp: '2021-07-14T21:52:20Z',
    uri: '/v2.1/servers/912gd12d9gd912/action',
    user_email: 'example@mcs.mail.ru',
    user_id: 'd06lc1dd59bc22c4bc15d1de98d28119',
  },
];

const nasty = fc.constantFrom(
  ...['', ' ', '=1+1', '+7', '-x', '@a', '\tx', '\rx', "'=q", "''-", '"', '""', 'a,b;c', 'a\tb', 'a\r\nb', '\n', '\r'],
  ...['00123', '1e400', '_x0041_', '_x005F_', '_x0041\u0001', '<&>', ']]>', '\u0000', '\u0001\u001f', '\ufffe\uffff'],
  ...['\ud83d', '\ude00\ud83d', '😀', 'я', 'é\u00ff\u0100', '`'.repeat(5), '| a | b |', '\\|', '</details>', '\ufeff'],
  ...['nova', '{"a":"b"}', '<BINARY_DATA>', 'uri continues in 2 cells:', 'x'.repeat(32_767), '😀'.repeat(20_000)],
);
const text = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);
const timestamp = fc.oneof(
  fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => `${date.toISOString().slice(0, 19)}Z`),
  fc.constantFrom('', 'yesterday', '2016-12-31T23:59:60Z', '2021-07-16T13:13:20.123+03:00'),
);

/** Events with anything in their fields, unknown fields and missing ones included. */
export const hostileEvents: fc.Arbitrary<ActivityEvent[]> = fc.array(
  fc
    .tuple(
      fc.record({ timestamp, event_id: text }),
      fc.dictionary(
        fc.constantFrom(...eventFields.slice(1)),
        fc.oneof({ weight: 9, arbitrary: text }, fc.jsonValue({ maxDepth: 2 })),
        {
          maxKeys: 13,
        },
      ),
      fc.dictionary(
        text.filter((name) => name !== '__proto__'),
        fc.jsonValue({ maxDepth: 2 }),
        { maxKeys: 2 },
      ),
    )
    .map(([known, fields, unknown]) => ({ ...unknown, ...fields, ...known })),
  { minLength: 1, maxLength: 20 },
);
