import assert from 'node:assert/strict';
import { format, message } from '../../../../src/core/base/message';
import { missingParts, presenceOf, reachedRange, type Missing } from '../../../../src/core/time/missing';

const range = { from: 0, to: 100 };
const notYet = message('not yet');
const reason = (stream: string, from: number, to: number, text: string): Missing => ({
  stream,
  range: { from, to },
  reason: message(text),
  failure: 'server',
});

/** `stream from-to: reason` */
const say = (parts: readonly Missing[]): string[] =>
  parts.map(({ stream, range, reason }) => `${stream} ${range.from}-${range.to}: ${format(reason)}`);

describe('missingParts', () => {
  it('are all that no coverage proves, newest first', () => {
    const covered = [
      { from: 10, to: 40 },
      { from: 30, to: 60 },
    ];
    assert.deepEqual(say(missingParts(range, [{ stream: '', covered }], [], notYet)), [
      ' 60-100: not yet',
      ' 0-10: not yet',
    ]);
    assert.deepEqual(missingParts(range, [{ stream: '', covered: [{ from: -5, to: 200 }] }], [], notYet), []);
  });

  it('say why as far as that is known, and are cut where the reason changes', () => {
    const reasons = [reason('', 20, 50, 'a'), reason('nova', 40, 70, 'b'), reason('glance', 0, 100, 'c')];
    assert.deepEqual(say(missingParts(range, [{ stream: 'nova', covered: [{ from: 0, to: 30 }] }], reasons, notYet)), [
      'nova 70-100: not yet',
      'nova 50-70: b',
      'nova 30-50: a',
    ]);
  });

  it('forget a reason once its times are covered', () => {
    const stream = { stream: '', covered: [{ from: 0, to: 100 }] };
    assert.deepEqual(missingParts(range, [stream], [reason('', 20, 50, 'a')], notYet), []);
  });

  it('are told for each stream', () => {
    const streams = [
      { stream: 'nova', covered: [{ from: 0, to: 90 }] },
      { stream: 'glance', covered: [{ from: 0, to: 90 }] },
    ];
    assert.deepEqual(say(missingParts(range, streams, [reason('', 0, 100, 'a')], notYet)), [
      'glance 90-100: a',
      'nova 90-100: a',
    ]);
  });
});

describe('presenceOf', () => {
  const table: readonly (readonly [string, Parameters<typeof presenceOf>, ReturnType<typeof presenceOf>])[] = [
    ['all of a day', [{ from: 20, to: 30 }, range, []], { parts: undefined, incomplete: false }],
    [
      'a hole elsewhere',
      [{ from: 20, to: 30 }, range, [{ from: 30, to: 40 }]],
      { parts: undefined, incomplete: false },
    ],
    [
      'a day that the range cuts',
      [{ from: 90, to: 110 }, range, []],
      { parts: [{ from: 90, to: 100 }], incomplete: false },
    ],
    [
      'a hole',
      [{ from: 20, to: 30 }, range, [{ from: 22, to: 24 }]],
      {
        parts: [
          { from: 20, to: 22 },
          { from: 24, to: 30 },
        ],
        incomplete: true,
      },
    ],
    ['nothing there', [{ from: 20, to: 30 }, range, [{ from: 0, to: 50 }]], { parts: [], incomplete: true }],
    ['a day out of the range', [{ from: 120, to: 130 }, range, []], { parts: [], incomplete: false }],
    ['all times, complete', [undefined, range, []], { parts: undefined, incomplete: false }],
    ['all times, with a hole', [undefined, range, [{ from: 2, to: 3 }]], { parts: undefined, incomplete: true }],
  ];
  for (const [name, args, expected] of table) it(name, () => assert.deepEqual(presenceOf(...args), expected));
});

describe('reachedRange', () => {
  it('leaves out what is newer than all that is there', () => {
    assert.deepEqual(reachedRange(range, [{ from: 90, to: 100 }]), { from: 0, to: 90 });
    assert.deepEqual(reachedRange(range, [{ from: 10, to: 20 }]), range);
    assert.deepEqual(reachedRange(range, []), range);
  });

  it('is all of the range while nothing is there', () => {
    assert.deepEqual(reachedRange(range, [range]), range);
  });
});
