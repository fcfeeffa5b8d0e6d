import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { format } from '../../../../src/core/base/message';
import type { LastEvent } from '../../../../src/history/history';
import { activityText } from '../../../../src/host/code/activityText';
import { movedLine, type TextChange } from '../../../../src/host/code/movedLines';
import { blocksOf, groupOf, outsideGroups } from '../../../../src/host/code/resourceGroups';
import { StateTimes } from '../../../../src/host/code/stateTimes';
import type { StateResource } from '../../../../src/protocol/terraform';

const last: LastEvent = {
  time: 1,
  source: 'nova',
  action: 'resize',
  outcome: 'success',
  method: 'POST',
  userEmail: 'a@b.test',
  userId: 'u1',
  userAgent: 'Mozilla/5.0 (X11) Chrome/120.0',
};
const words = { count: (value: number) => value.toLocaleString('en'), ago: () => '2 hours ago' };

describe('the lens of a block', () => {
  for (const [events, changes, expected] of [
    [12, {}, '12 events, last: resize by a@b.test 2 hours ago, from the console'],
    [1, { outcome: 'failure' }, '1 event, last: resize (failed) by a@b.test 2 hours ago, from the console'],
    [
      1234,
      { userEmail: '', userAgent: 'HashiCorp Terraform/1.4.0' },
      '1,234 events, last: resize by u1 2 hours ago, through Terraform 1.4.0',
    ],
    [2, { userEmail: '', userId: '', userAgent: '' }, '2 events, last: resize 2 hours ago'],
    [2, { time: undefined, action: '', userAgent: 'x\u202ey' }, '2 events, last: POST by a@b.test'],
  ] as const) {
    it(`says: ${expected}`, () => {
      const activity = { events, failures: 0, last: { ...last, ...changes } };
      assert.equal(format(activityText(activity, words)), expected);
    });
  }
});

describe('a line of a text that changes', () => {
  const change = (from: [number, number], to: [number, number], text: string): TextChange => ({
    range: { start: { line: from[0], character: from[1] }, end: { line: to[0], character: to[1] } },
    text,
  });
  for (const [what, changes, expected] of [
    ['stays when letters are typed in it', [change([5, 3], [5, 4], 'x')], 5],
    ['stays when something below changes', [change([6, 0], [9, 0], '\n\n')], 5],
    ['goes down with a line put in above', [change([2, 4], [2, 4], '\r\n  ')], 6],
    ['goes down when pushed from its beginning', [change([5, 0], [5, 0], '\n')], 6],
    ['stays when it is broken in the middle', [change([5, 7], [5, 7], '\n')], 5],
    ['goes up when lines above are taken away', [change([1, 0], [3, 0], '')], 3],
    ['goes to where it was taken away', [change([3, 0], [8, 0], '')], 3],
    [
      'follows several changes at once',
      [change([9, 0], [9, 0], '\n'), change([4, 0], [5, 0], ''), change([0, 0], [0, 0], '\n\n\n')],
      7,
    ],
  ] as const) {
    it(what, () => assert.equal(movedLine(5, changes), expected));
  }
});

describe('the time of the last apply', () => {
  const source = { file: 'a.tfstate', modified: 1_000, serial: 7 };

  it('is that of the file, and stays when the file is touched without a new serial', () => {
    const memento = new Map<string, unknown>();
    const times = new StateTimes({
      get: (key: string, standard: unknown) => memento.get(key) ?? standard,
      update: (key: string, value: unknown) => Promise.resolve(void memento.set(key, value)),
    } as unknown as Memento);
    assert.equal(times.appliedAt(source), 1_000);
    assert.equal(times.appliedAt({ ...source, modified: 5_000 }), 1_000);
    assert.equal(
      times.appliedAt({ ...source, modified: 500 }),
      500,
      'an older file of the same serial is nearer the apply',
    );
    assert.equal(times.appliedAt({ ...source, modified: 6_000, serial: 8 }), 6_000);
    assert.equal(times.appliedAt({ ...source, modified: undefined }), undefined);
    assert.equal(times.appliedAt({ ...source, file: 'b', serial: undefined }), 1_000);
    assert.equal(times.appliedAt({ ...source, file: 'b', serial: undefined, modified: 9_000 }), 9_000);
  });

  it('parts the resources of a block by their states', () => {
    const resource = (file: string, ids: string[], mode: StateResource['mode'] = 'managed') =>
      ({ ids, mode, source: { file, modified: file.length, serial: 1 } }) as unknown as StateResource;
    const all = [resource('a', ['1']), resource('bb', ['2']), resource('a', ['3', '4']), resource('a', [])];
    const named = [
      { ...resource('a', ['1']), type: 't', name: 'y', module: 'module.m["k"]' },
      { ...resource('a', ['2']), type: 't', name: 'x', module: '' },
      { ...resource('a', ['3']), type: 't', name: 'x', module: '' },
      { ...resource('a', ['4'], 'data'), type: 't', name: 'z', module: '' },
    ];
    assert.deepEqual(
      blocksOf(named, () => 1),
      [
        { name: 'module.m["k"].t.y', groups: [{ resources: [['1']], outsideSince: 1 }] },
        { name: 't.x', groups: [{ resources: [['2'], ['3']], outsideSince: 1 }] },
      ],
    );
    assert.deepEqual(
      blocksOf(named, () => undefined),
      [],
    );
    assert.deepEqual(groupOf(all), { resources: [['1'], ['2'], ['3', '4']] });
    assert.deepEqual(
      outsideGroups([...all, resource('a', ['5'], 'data')], ({ modified }) => modified),
      [
        { resources: [['1'], ['3', '4']], outsideSince: 1 },
        { resources: [['2']], outsideSince: 2 },
      ],
    );
  });
});
