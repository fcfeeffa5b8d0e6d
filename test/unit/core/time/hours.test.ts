import assert from 'node:assert/strict';
import { dayRange } from '../../../../src/core/time/days';
import { hoursOf } from '../../../../src/core/time/hours';

const hour = 3_600_000;

/** Runs `work` with the machine's clock in another zone. */
function inZone(zone: string, work: () => void): void {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    work();
  } finally {
    process.env['TZ'] = before;
  }
}

const labels = (day: string): string[] => hoursOf(day, 'local').map(({ label }) => label);

describe('the hours of a day', () => {
  it('are 24, newest first, and cover the day without a hole', () => {
    const hours = hoursOf('2026-11-22', 'utc');
    assert.deepEqual(
      hours.map(({ label }) => label),
      Array.from({ length: 24 }, (_, index) => `${String(23 - index).padStart(2, '0')}:00`),
    );
    assert.deepEqual(hours.at(-1), { from: Date.UTC(2026, 10, 22), to: Date.UTC(2026, 10, 22, 1), label: '00:00' });
  });

  const table: readonly (readonly [zone: string, day: string, count: number, has: string[], lacks: string[]])[] = [
    ['Europe/Berlin', '2026-03-29', 23, ['01:00', '03:00'], ['02:00']],
    ['Europe/Berlin', '2026-10-25', 25, ['02:00 +01:00', '02:00 +02:00'], ['02:00']],
    ['America/Sao_Paulo', '2018-11-04', 23, ['01:00'], ['00:00']], // clocks went forward at midnight
    ['Asia/Kolkata', '2026-06-01', 24, ['00:00', '23:00'], []],
    ['Asia/Kathmandu', '2026-06-01', 24, ['00:00', '23:00'], []],
    ['Australia/Lord_Howe', '2026-04-05', 25, ['01:00 +11:00', '01:30 +10:30'], []], // by half an hour
    ['Australia/Lord_Howe', '2026-10-04', 24, ['01:00', '02:30'], ['02:00']],
  ];
  for (const [zone, day, count, has, lacks] of table) {
    it(`are right on ${day} in ${zone}`, () =>
      inZone(zone, () => {
        const found = labels(day);
        assert.equal(found.length, count);
        assert.equal(new Set(found).size, count);
        for (const label of has) assert.ok(found.includes(label), label);
        for (const label of lacks) assert.ok(!found.includes(label), label);
        const hours = hoursOf(day, 'local').reverse();
        assert.equal(hours[0]?.from, dayRange(day, 'local').from);
        assert.equal(hours.at(-1)?.to, dayRange(day, 'local').to);
        hours.slice(1).forEach(({ from, to }, index) => {
          assert.equal(from, hours[index]?.to);
          assert.ok(to - from <= hour);
        });
      }));
  }
});
