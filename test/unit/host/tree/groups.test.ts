import assert from 'node:assert/strict';
import type { DayCount } from '../../../../src/history/history';
import { message } from '../../../../src/core/base/message';
import { blockRows, componentRows, dayRows, hourRows, type Totals } from '../../../../src/host/tree/groups';

const days: readonly DayCount[] = [
  { source: 'nova', day: '2026-11-21', events: 3, failures: 1 },
  { source: 'nova', day: '2026-11-22', events: 2, failures: 0 },
  { source: 'nova', day: undefined, events: 1, failures: 0 },
  { source: 'new', day: '2026-11-22', events: 1, failures: 0 },
  { source: '', day: '2026-11-20', events: 1, failures: 1 },
  { source: 'neutron', day: '2026-11-22', events: 4, failures: 2 },
  { source: 'dbaas', day: '2026-11-22', events: 1, failures: 0 },
];

const range = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };

function totals(days: readonly DayCount[], part: Partial<Totals> = {}): Totals {
  return { days, range, missing: [], loading: false, zone: 'utc', ...part };
}

const counts = totals(days);
const [nova] = componentRows(counts);
const [newest] = dayRows(counts);

describe('Rows of the tree', () => {
  it('has blocks with events, each with the sum of its groups', () => {
    const group = (id: string) => ({ resources: [[id]] });
    const blocks = [
      { name: 'a', groups: [group('1')] },
      { name: 'b', groups: [group('2'), group('3')] },
      { name: 'c', groups: [group('4')] },
    ];
    const counted = [0, 2, 3, 1].map((events) => ({ events, failures: events > 2 ? 1 : 0, last: undefined }));
    assert.deepEqual(
      blockRows(blocks, counted, true).map(({ name, events, failures, presence }) => [
        name,
        events,
        failures,
        presence.incomplete,
      ]),
      [
        ['b', 5, 1, true],
        ['c', 1, 0, true],
      ],
    );
    assert.deepEqual(blockRows(blocks, [], false), [], 'nothing is counted yet');
  });

  it('has documented components first, others by name, events without one last', () => {
    const rows = componentRows(counts);
    assert.deepEqual(
      rows.map(({ source, events, failures }) => [source, events, failures]),
      [
        ['nova', 6, 1],
        ['neutron', 4, 2],
        ['dbaas', 1, 0],
        ['new', 1, 0],
        ['', 1, 1],
      ],
    );
  });

  it('gives every row an id of its own, whatever components are called', () => {
    const sources = ['a', 'a/', 'a//', 'a/d:2026-11-22', 'a//d:2026-11-22'];
    const days = totals(sources.map((source) => ({ source, day: '2026-11-22', events: 1, failures: 0 })));
    const rows = [
      ...componentRows(days),
      ...componentRows(days).flatMap((component) => dayRows(days, component)),
      ...dayRows(days),
      ...dayRows(days).flatMap((day) => componentRows(days, day)),
    ];
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
  });

  it('has the newest day first and unreadable dates last', () => {
    assert.deepEqual(
      dayRows(counts, nova).map(({ day, events, failures }) => [day, events, failures]),
      [
        ['2026-11-22', 2, 0],
        ['2026-11-21', 3, 1],
        ['none', 1, 0],
      ],
    );
  });

  it('adds up days over components, and components within a day', () => {
    assert.deepEqual(
      dayRows(counts).map(({ day, events }) => [day, events]),
      [
        ['2026-11-22', 8],
        ['2026-11-21', 3],
        ['2026-11-20', 1],
        ['none', 1],
      ],
    );
    assert.deepEqual(
      componentRows(counts, newest).map(({ source, events }) => [source, events]),
      [
        ['nova', 2],
        ['neutron', 4],
        ['dbaas', 1],
        ['new', 1],
      ],
    );
  });

  it('gives every row an id of its own that does not depend on the counts', () => {
    const ids = [
      ...componentRows(counts),
      ...dayRows(counts),
      ...dayRows(counts, nova),
      ...componentRows(counts, newest),
    ].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const more = totals(days.map((count) => ({ ...count, events: count.events + 1 })));
    assert.deepEqual(
      componentRows(more).map(({ id }) => id),
      componentRows(counts).map(({ id }) => id),
    );
  });

  it('has no rows for no events', () => {
    assert.deepEqual(componentRows(totals([])), []);
    assert.deepEqual(dayRows(totals([])), []);
  });

  it('tell which part of a day is there, and of which component', () => {
    const hour = 3_600_000;
    const noon = Date.UTC(2026, 10, 22, 12);
    const missing = [
      { stream: 'nova', range: { from: noon, to: noon + hour }, reason: message('gone'), failure: undefined },
    ];
    const lacking = totals(days, { missing, range: { from: range.from, to: noon + 6 * hour } });
    const incomplete = componentRows(lacking).filter(({ presence }) => presence.incomplete);
    assert.deepEqual(
      incomplete.map(({ source }) => source),
      ['nova'],
    );
    const [ofNova, before] = dayRows(lacking, incomplete[0]);
    assert.deepEqual(ofNova?.presence, {
      incomplete: true,
      parts: [
        { from: Date.UTC(2026, 10, 22), to: noon },
        { from: noon + hour, to: noon + 6 * hour },
      ],
    });
    assert.deepEqual(before?.presence, { incomplete: false, parts: undefined });
    const neutron = componentRows(lacking).find(({ source }) => source === 'neutron');
    assert.deepEqual(dayRows(lacking, neutron)[0]?.presence, {
      incomplete: false,
      parts: [{ from: Date.UTC(2026, 10, 22), to: noon + 6 * hour }],
    });
    assert.equal(dayRows(lacking)[0]?.presence.incomplete, true);
  });

  it('are no less complete while a load asks for what is newer', () => {
    const now = Date.UTC(2026, 10, 22, 21);
    const missing = [
      { stream: '', range: { from: now - 120_000, to: now }, reason: message('loading'), failure: undefined },
    ];
    const part = { missing, range: { from: range.from, to: now } };
    assert.equal(componentRows(totals(days, { ...part, loading: true }))[0]?.presence.incomplete, false);
    assert.equal(componentRows(totals(days, { ...part, loading: false }))[0]?.presence.incomplete, true);
    assert.deepEqual(dayRows(totals(days, { ...part, loading: true }))[0]?.presence.parts, [
      { from: Date.UTC(2026, 10, 22), to: now - 120_000 },
    ]);
  });

  it('cut a day into the hours that have events, newest first', () => {
    const at = (hour: number, minute: number): number => Date.UTC(2026, 10, 22, hour, minute);
    const quarters = [
      { time: at(23, 45), events: 1, failures: 1 },
      { time: at(5, 15), events: 2, failures: 0 },
      { time: at(5, 0), events: 4, failures: 1 },
    ];
    const [day] = dayRows(counts, nova);
    assert.ok(day);
    const rows = hourRows(counts, day, { source: 'nova', day: day.day }, quarters);
    assert.deepEqual(
      rows.map(({ label, events, failures, range }) => [label, events, failures, range.from]),
      [
        ['23:00', 1, 1, at(23, 0)],
        ['05:00', 6, 1, at(5, 0)],
      ],
    );
    assert.equal(new Set([day.id, ...rows.map(({ id }) => id)]).size, 3);
  });
});
