import assert from 'node:assert/strict';
import type { EventSummary } from '../../../../src/core/event/event';
import type { ListQuery } from '../../../../src/history/history';
import { EventRows, pageSize } from '../../../../src/host/tree/eventRows';
import type { HourNode } from '../../../../src/host/tree/nodes';

const range = { from: 0, to: 10_000_000 };
const { signal } = new AbortController();

/** A list of events, newest first; counts how many rows are read. */
class MadeList {
  read = 0;
  constructor(public keys: string[]) {}

  async list({ after, limit }: ListQuery) {
    const start = after === undefined ? 0 : this.keys.indexOf(after) + 1;
    const items = this.keys.slice(start, start + limit).map((key) => ({ key }) as EventSummary);
    this.read += items.length;
    return { items, next: start + limit < this.keys.length ? items.at(-1)?.key : undefined };
  }

  node(): HourNode {
    const presence = { parts: undefined, incomplete: false };
    const place = { source: 'nova', day: '1970-01-01', label: '00:00', range, parent: undefined as never };
    return { kind: 'hour', id: 'h', events: this.keys.length, failures: 0, presence, ...place };
  }
}

const numbered = (count: number, prefix = 'old'): string[] => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

describe('EventRows', () => {
  let made: MadeList;
  let rows: EventRows;
  const read = async (): Promise<string[]> =>
    (await rows.read(made.node(), made, { range }, 'utc', signal)).map((row) =>
      row.kind === 'event' ? row.summary.key : `more: ${row.rest}`,
    );

  beforeEach(() => {
    made = new MadeList(numbered(1_700));
    rows = new EventRows(new Map());
  });

  it('show a page, and one more each time it is asked for, reading nothing twice', async () => {
    assert.deepEqual(await read(), [...made.keys.slice(0, 500), 'more: 1200']);
    rows.showMore(made.node());
    assert.deepEqual(await read(), [...made.keys.slice(0, 1_000), 'more: 700']);
    assert.equal(made.read, 1_000);
    await read();
    assert.equal(made.read, 1_000);
    rows.showMore(made.node());
    rows.showMore(made.node());
    assert.deepEqual(await read(), made.keys);
  });

  it('take in what is new at the top without reading the rest again, and keep the rows they had', async () => {
    rows.showMore(made.node());
    const before = await rows.read(made.node(), made, { range }, 'utc', signal);
    made.read = 0;
    made.keys = [...numbered(7, 'new'), ...made.keys];
    const after = await rows.read(made.node(), made, { range }, 'utc', signal);
    assert.equal(made.read, pageSize);
    assert.deepEqual(await read(), [...made.keys.slice(0, 1_007), 'more: 700']);
    assert.equal(after[7], before[0]);
  });

  it('are right wherever events came in or went', async () => {
    rows.showMore(made.node());
    await read();
    for (const change of [
      (keys: string[]) => keys.toSpliced(700, 0, 'late'),
      (keys: string[]) => ['first', ...keys.toSpliced(300, 0, 'middle')],
      (keys: string[]) => keys.toSpliced(0, 1),
      (keys: string[]) => [...keys, 'last'],
      (keys: string[]) => [...numbered(600, 'many'), ...keys],
      (keys: string[]) => keys.slice(0, 3),
    ]) {
      made.keys = change(made.keys);
      const found = await read();
      const events = found.filter((key) => !key.startsWith('more'));
      assert.deepEqual(events, made.keys.slice(0, events.length));
      assert.ok(events.length >= Math.min(1_000, made.keys.length), String(events.length));
      assert.equal(found.length - events.length, events.length < made.keys.length ? 1 : 0);
    }
  });

  it('do not add up for ever while they are followed', async () => {
    await read();
    for (let n = 0; n < 30; n++) {
      made.keys = [...numbered(50, `new-${n}`), ...made.keys];
      assert.ok((await read()).length <= 3 * pageSize, 'too many rows');
    }
  });
});
