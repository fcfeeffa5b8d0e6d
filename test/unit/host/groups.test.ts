import assert from 'node:assert/strict';
import type { DayCount } from '../../../src/history/history';
import { componentRows, dayRows } from '../../../src/host/tree/groups';

const counts: readonly DayCount[] = [
  { source: 'nova', day: '2026-11-21', events: 3, failures: 1 },
  { source: 'nova', day: '2026-11-22', events: 2, failures: 0 },
  { source: 'nova', day: undefined, events: 1, failures: 0 },
  { source: 'new', day: '2026-11-22', events: 1, failures: 0 },
  { source: '', day: '2026-11-20', events: 1, failures: 1 },
  { source: 'neutron', day: '2026-11-22', events: 4, failures: 2 },
  { source: 'dbaas', day: '2026-11-22', events: 1, failures: 0 },
];

describe('Rows of the tree', () => {
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
    const days = sources.map((source) => ({ source, day: '2026-11-22', events: 1, failures: 0 }));
    const rows = [
      ...componentRows(days),
      ...sources.flatMap((source) => dayRows(days, source)),
      ...dayRows(days),
      ...componentRows(days, '2026-11-22'),
    ];
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
  });

  it('has the newest day first and unreadable dates last', () => {
    assert.deepEqual(
      dayRows(counts, 'nova').map(({ day, events, failures }) => [day, events, failures]),
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
      componentRows(counts, '2026-11-22').map(({ source, events }) => [source, events]),
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
      ...dayRows(counts, 'nova'),
      ...componentRows(counts, '2026-11-22'),
    ].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const more = counts.map((count) => ({ ...count, events: count.events + 1 }));
    assert.deepEqual(
      componentRows(more).map(({ id }) => id),
      componentRows(counts).map(({ id }) => id),
    );
  });

  it('has no rows for no events', () => {
    assert.deepEqual(componentRows([]), []);
    assert.deepEqual(dayRows([]), []);
  });
});
