import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, it } from 'mocha';
import { makeEvents } from '../../server/events';
import type { FaultKind } from '../../server/faults';
import { startServer } from '../../server/startServer';
import { Workshop } from './fixture';

const newest = Date.UTC(2026, 10, 20, 12);
const megabyte = 1024 * 1024;
/** Just below what is refused at once. */
const most = 60 * megabyte;

/** What memory may come to, in MB, and how much of it a load may add with its workers: an extension host has 205 before. */
const bound = 350;
const added = 190;

interface Outcome {
  readonly most: number;
  readonly before: number;
  readonly loaded: number;
  readonly reasons: readonly string[];
}

describe('memory of a load from a hostile server', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  const filled = (before: string, item: string, after: string): Buffer => {
    const body = Buffer.alloc(most, item);
    body.write(before);
    const rest = most - Buffer.byteLength(before) - Buffer.byteLength(after);
    const end = Buffer.byteLength(before) + rest - (rest % Buffer.byteLength(item));
    body.fill(item, Buffer.byteLength(before), end);
    body.write(after, end);
    return body.subarray(0, end + Buffer.byteLength(after));
  };
  const event = (n: string, body: string): string =>
    JSON.stringify({ event_id: n, timestamp: '2026-11-20T10:00:00Z', source: 'nova', action: 'x', request_body: body });

  const answer = (before: string, item: string, after: string): FaultKind => ({
    kind: 'answer',
    body: filled(before, item, after),
  });
  const cases: readonly [what: string, faults: () => FaultKind[], expected: (outcome: Outcome) => void][] = [
    [
      'pages of 60 MB',
      () => [
        answer('{"logs":[', `${event('a', 'x'.repeat(2000))},`, `${event('b', '')}]}`),
        answer('{"logs":[', `${event('c', 'ж'.repeat(1000))},`, `${event('d', '')}]}`),
        answer('{"logs":[{"event_id":"1","request_body":"', 'ж', '"}]}'),
        answer('{"logs":[{"event_id":"2","method":"POST","uri":"/v2.1/servers","response_body":"[', '[],', '1]"}]}'),
      ],
      ({ loaded, reasons }) => {
        assert.ok(loaded > 60_000, `${loaded} loaded`);
        assert.deepEqual(reasons, []);
      },
    ],
    [
      'pages of millions of values',
      () => [
        answer('{"logs":[', '{},', '{}]}'),
        answer('{"logs":[', '[],', '0]}'),
        answer('{"logs":[{', '"a":0,', '"b":0}]}'),
        answer('{"logs":[],"marker":"', 'x', '"}'),
        { kind: 'deep', depth: 30_000_000 },
      ],
      ({ reasons }) => assert.match(reasons.join(), /more than 100000 records.*large, but not with events/),
    ],
    [
      'answers without end',
      () => [
        { kind: 'bomb', bytes: 10_000 * megabyte },
        { kind: 'hollow', bytes: 10_000 * megabyte },
        { kind: 'endless', bytes: 10_000 * megabyte },
        { kind: 'endless', bytes: 10_000 * megabyte, declared: true },
        { kind: 'headerFlood', bytes: 50 * megabyte },
      ],
      ({ reasons }) => assert.match(reasons.join(), /larger than 64 MB/),
    ],
  ];
  for (const [what, faults, check] of cases)
    it(`stays below ${bound} MB against ${what}, several at once`, async () => {
      const server = await startServer({ events: makeEvents(4_000, { newest, stepMs: 1_000 }) });
      // The first page tells the loader that several requests at once are worth while.
      for (const [index, fault] of faults().entries()) server.fault({ ...fault, skip: index + 1, times: 1 });
      const script = path.join(__dirname, 'hostileProcess.js');
      const args = [script, server.endpoint, server.token, workshop.file(), String(newest + 3_600_000)];
      const env = { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };
      try {
        const { stdout } = await promisify(execFile)(process.execPath, args, { env });
        const outcome = JSON.parse(stdout) as Outcome;
        if (process.env['MEMORY']) console.log(outcome);
        const figures = `${outcome.most} MB, ${outcome.before} MB of it before`;
        assert.ok(outcome.most < bound && outcome.most - outcome.before < added, figures);
        check(outcome);
      } finally {
        await server.stop();
      }
    });
});
