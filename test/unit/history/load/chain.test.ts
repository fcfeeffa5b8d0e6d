import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { makeEvents } from '../../../server/events';
import type { FaultKind } from '../../../server/faults';
import { startServer } from '../../../server/startServer';
import { disposeSources, firstPage, never, sourceOf } from '../../api/client';

const weather: readonly FaultKind[] = [
  { kind: 'status', status: 429, retryAfter: 0 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 500, body: '<html>' },
  { kind: 'reset', at: 'head' },
  { kind: 'reset', at: 'body' },
  { kind: 'hang', at: 'body' },
  { kind: 'cut', framing: 'length' },
  { kind: 'cut', framing: 'chunked' },
  { kind: 'cut', framing: 'clean' },
  { kind: 'slow', ms: 5 },
];

describe('audit source in bad weather', () => {
  afterEach(disposeSources);
  const events = makeEvents(120, { newest: Date.UTC(2026, 5, 1), stepMs: 300 });

  for (let seed = 0; seed < 5; seed++)
    it(`reads every page of a chain as it is, seed ${seed}`, async () => {
      const server = await startServer({ events, seed: String(seed) });
      for (const fault of weather) server.fault({ ...fault, chance: 0.08 });
      const source = sourceOf(server, { limits: { idleMs: 40 }, retry: { attempts: 30, baseMs: 1, capMs: 2 } });
      const read: unknown[] = [];
      try {
        for (let marker: string | undefined, more = true; more;) {
          const bytes = await source.page({ ...firstPage, limit: 7, marker }, never);
          const page = JSON.parse(new TextDecoder().decode(bytes)) as { logs: unknown[]; marker?: string };
          read.push(...page.logs);
          marker = page.marker;
          more = marker !== undefined;
        }
      } finally {
        await server.stop();
      }
      assert.deepEqual(read, events);
      assert.ok(source.attempts.length > 18, 'faults did strike');
    });
});
