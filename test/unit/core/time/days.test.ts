import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  dayOf,
  dayRange,
  formatMoment,
  parseEnd,
  parseMoment,
  presetRange,
  timeOf,
} from '../../../../src/core/time/days';
import { inclusiveRange } from '../../../../src/core/time/range';

const hour = 3_600_000;
const utc = (text: string): number => Date.parse(text);

/** Runs `work` with the machine's zone set to `zone`. */
function inZone(zone: string, work: () => void): void {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    work();
  } finally {
    process.env['TZ'] = before;
  }
}

describe('days', () => {
  const days: readonly (readonly [zone: string, moment: string, day: string, time: string])[] = [
    ['Europe/Moscow', '2026-11-21T21:00:00Z', '2026-11-22', '00:00:00'],
    ['Europe/Moscow', '2026-11-21T20:59:59Z', '2026-11-21', '23:59:59'],
    ['Asia/Kolkata', '2026-11-21T18:30:00Z', '2026-11-22', '00:00:00'],
    ['Asia/Kathmandu', '2026-11-21T18:15:01Z', '2026-11-22', '00:00:01'],
    ['Pacific/Chatham', '2026-07-01T11:15:00Z', '2026-07-02', '00:00:00'],
    ['America/New_York', '2026-11-01T05:59:59Z', '2026-11-01', '01:59:59'],
    ['America/New_York', '2026-11-01T06:00:00Z', '2026-11-01', '01:00:00'],
    ['Pacific/Kiritimati', '2026-12-31T10:00:00Z', '2027-01-01', '00:00:00'],
    ['UTC', '1969-12-31T23:59:59.999Z', '1969-12-31', '23:59:59'],
  ];
  for (const [zone, moment, day, time] of days) {
    it(`${moment} is ${day} ${time} in ${zone}`, () =>
      inZone(zone, () => {
        assert.equal(dayOf(utc(moment), 'local'), day);
        assert.equal(timeOf(utc(moment), 'local'), time);
        assert.equal(formatMoment(utc(moment), 'local'), `${day} ${time}`);
        assert.equal(`${dayOf(utc(moment), 'utc')}T${timeOf(utc(moment), 'utc')}`, moment.slice(0, 19));
      }));
  }

  const lengths: readonly (readonly [zone: string, day: string, from: string, hours: number])[] = [
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', 25],
    ['Europe/Berlin', '2026-06-01', '2026-05-31T22:00:00Z', 24],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', 23],
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00Z', 23.5],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00Z', 24.5],
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z', 23], // begins at 01:00: there is no midnight
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00Z', 25], // has two midnights
    ['America/Asuncion', '2024-03-23', '2024-03-23T03:00:00Z', 25], // ends with 23:00 to 24:00 twice
    ['Europe/Moscow', '2026-03-29', '2026-03-28T21:00:00Z', 24],
  ];
  for (const [zone, day, from, hours] of lengths) {
    it(`${day} in ${zone} has ${hours} hours`, () =>
      inZone(zone, () => {
        const range = dayRange(day, 'local');
        assert.deepEqual(
          [new Date(range.from).toISOString(), (range.to - range.from) / hour],
          [new Date(from).toISOString(), hours],
        );
        assert.deepEqual([dayOf(range.from, 'local'), dayOf(range.to - 1, 'local')], [day, day]);
        assert.notEqual(dayOf(range.to, 'local'), day);
        assert.deepEqual(dayRange(day, 'utc'), {
          from: utc(`${day}T00:00:00Z`),
          to: utc(`${day}T00:00:00Z`) + 24 * hour,
        });
      }));
  }

  it('every moment lies in the range of its day, and days follow each other without a gap', () => {
    for (const zone of ['Europe/Berlin', 'America/Havana', 'Africa/Cairo', 'Asia/Kathmandu', 'Australia/Lord_Howe']) {
      inZone(zone, () => {
        fc.assert(
          fc.property(fc.integer({ min: utc('2020-01-01T00:00:00Z'), max: utc('2030-01-01T00:00:00Z') }), (time) => {
            const range = dayRange(dayOf(time, 'local'), 'local');
            assert.ok(range.from <= time && time < range.to);
            assert.equal(dayRange(dayOf(range.to, 'local'), 'local').from, range.to);
          }),
          { numRuns: 200 },
        );
      });
    }
  });

  it('refuses what is no day', () => {
    for (const text of ['', '2026-02-30', '2026-1-1', '2026-01-01 10:00', 'today']) {
      assert.throws(() => dayRange(text, 'utc'), RangeError, text);
    }
  });
});

describe('parseMoment', () => {
  const moments: readonly (readonly [text: string, berlin: string | undefined, inUtc?: string])[] = [
    ['2026-11-22', '2026-11-21T23:00:00Z', '2026-11-22T00:00:00Z'],
    ['2026-11-22 10:30', '2026-11-22T09:30:00Z', '2026-11-22T10:30:00Z'],
    [' 2026-11-22T10:30:15 ', '2026-11-22T09:30:15Z', '2026-11-22T10:30:15Z'],
    ['2026-11-22T10:30:15Z', '2026-11-22T10:30:15Z', '2026-11-22T10:30:15Z'],
    ['2026-11-22T10:30:15+03:00', '2026-11-22T07:30:15Z', '2026-11-22T07:30:15Z'],
    ['2026-10-25 02:30', '2026-10-25T00:30:00Z', '2026-10-25T02:30:00Z'], // shown twice: the first
    ['2026-03-29 02:30', '2026-03-29T01:30:00Z', '2026-03-29T02:30:00Z'], // never shown
    ['2026-02-29', undefined],
    ['2026-13-01', undefined],
    ['2026-11-22 24:00', undefined],
    ['2026-11-22 10', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ];
  for (const [text, berlin, inUtc] of moments) {
    it(JSON.stringify(text), () =>
      inZone('Europe/Berlin', () => {
        assert.equal(parseMoment(text, 'local'), berlin === undefined ? undefined : utc(berlin));
        assert.equal(parseMoment(text, 'utc'), inUtc === undefined ? undefined : utc(inUtc));
      }),
    );
  }

  it('reads back what formatMoment wrote, but for the hour shown twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.constantFrom('local' as const, 'utc' as const),
        (seconds, zone) => {
          const text = formatMoment(seconds * 1000, zone);
          const back = parseMoment(text, zone) as number;
          assert.equal(formatMoment(back, zone), text);
          assert.ok(back === seconds * 1000 || (zone === 'local' && seconds * 1000 - back === hour));
        },
      ),
    );
  });
});

describe('parseEnd', () => {
  const table: readonly (readonly [text: string, end: string | undefined])[] = [
    ['2026-11-22', '2026-11-22T22:59:59Z'],
    [' 2026-10-25 ', '2026-10-25T22:59:59Z'], // 25 hours long
    ['2026-03-29', '2026-03-29T21:59:59Z'], // 23 hours long
    ['2026-11-22 10:30', '2026-11-22T09:30:00Z'],
    ['2026-11-22T10:30:05Z', '2026-11-22T10:30:05Z'],
    ['2026-02-30', undefined],
  ];
  for (const [text, end] of table) {
    it(`ends ${text} at ${end ?? 'no time'}`, () =>
      inZone('Europe/Berlin', () => assert.equal(parseEnd(text, 'local'), end === undefined ? undefined : utc(end))));
  }
});

describe('inclusiveRange', () => {
  for (const to of [5_000, 5_001, 5_999]) {
    it(`takes in the whole second of ${to}`, () => {
      assert.deepEqual(inclusiveRange(1_000, to), { from: 1_000, to: 6_000 });
    });
  }
});

describe('presetRange', () => {
  it('ends now', () => {
    const now = utc('2026-11-22T12:00:00Z');
    assert.deepEqual(presetRange('1h', now), { from: now - hour, to: now });
    assert.deepEqual(presetRange('30d', now), { from: now - 30 * 24 * hour, to: now });
  });
});
