import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './answer';
import { pick, type Fault, type Replacement } from './faults';
import { gzipMember } from './shelf';

/** Hands the answer over, with what the faults do to that. Settles when nothing more will be sent. */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  faults: readonly Fault[],
  signal: AbortSignal,
): Promise<void> {
  if (!Array.isArray(answer.body)) return stream(response, answer);
  // Sent as it is: copies of a page of 60 MB would keep a busy machine silent for long.
  const parts = answer.body as readonly Buffer[];
  const [only, another] = parts;
  const body = only && !another ? only : Buffer.concat(parts);
  const how = pick(faults, 'reset', 'hang', 'cut', 'drip');
  if (how?.kind === 'cut') {
    cut(response, answer, body, how.framing);
    return;
  }
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  if (how?.kind === 'drip') return drip(response, body, how, signal);
  if (how === undefined) {
    response.end(body);
    return;
  }
  const socket = response.socket;
  response.write(body.subarray(0, body.length / 2), () => {
    if (how.kind === 'reset') socket?.resetAndDestroy();
  });
}

function cut(
  response: ServerResponse,
  { status, headers }: Answer,
  body: Buffer,
  framing: 'length' | 'chunked' | 'clean',
): void {
  const half = body.subarray(0, body.length / 2);
  const length = framing === 'length' ? body.length : half.length;
  response.writeHead(status, framing === 'chunked' ? headers : { ...headers, 'content-length': length });
  const socket = response.socket;
  if (framing === 'clean') response.end(half);
  else response.write(half, () => socket?.end());
}

async function drip(
  response: ServerResponse,
  body: Buffer,
  { ms, bytes }: { ms: number; bytes: number },
  signal: AbortSignal,
): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
    response.write(body.subarray(at, at + bytes));
    await sleep(ms, undefined, { signal });
  }
  response.end();
}

async function stream(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  response.writeHead(status, headers);
  const free = new Set(['drain', 'close']);
  for (const chunk of body) {
    if (response.destroyed) return;
    if (response.write(chunk)) continue;
    await new Promise<void>((resolve) => {
      const go = () => {
        for (const event of free) response.off(event, go);
        resolve();
      };
      for (const event of free) response.on(event, go);
    });
  }
  response.end();
}

/** The answer that a fault puts in the place of the real one. */
export function replace(fault: Replacement): Answer {
  switch (fault.kind) {
    case 'status': {
      const { status, retryAfter, encoding, body = `{"error":{"code":${status},"message":"stand-in fault"}}` } = fault;
      const headers = {
        'content-type': 'application/json',
        ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
        ...(encoding && { 'content-encoding': encoding }),
      };
      return { status, headers, body: [encoding === 'gzip' ? gzipMember(body) : Buffer.from(body)] };
    }
    case 'html':
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: [Buffer.from(signInPage)] };
    case 'answer':
      return {
        status: fault.status ?? 200,
        headers: { 'content-type': 'application/json', ...fault.headers },
        body: [Buffer.isBuffer(fault.body) ? fault.body : Buffer.from(fault.body)],
      };
    case 'redirect':
      return { status: fault.status ?? 302, headers: { location: fault.to }, body: [] };
    case 'bomb':
      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body: bomb(fault.bytes),
      };
    case 'hollow':
      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body: repeat(Buffer.concat(Array<Buffer>(3_000).fill(gzipMember(''))), fault.bytes),
      };
    case 'endless':
      return {
        status: 200,
        headers: {
          'content-type': 'application/json',
          ...(fault.declared && { 'content-length': String(fault.bytes) }),
        },
        body: repeat(Buffer.alloc(65_536, ' '), fault.bytes),
      };
    case 'headerFlood': {
      const flood = Array.from({ length: Math.ceil(fault.bytes / 1024) }, (_, index) => [
        `x-flood-${index}`,
        'x'.repeat(1010),
      ]);
      return {
        status: 200,
        headers: Object.fromEntries(flood) as Record<string, string>,
        body: [Buffer.from('{"logs":[]}')],
      };
    }
    case 'deep':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: [Buffer.from(`{"logs":${'['.repeat(fault.depth)}${']'.repeat(fault.depth)}}`)],
      };
  }
}

function* repeat(chunk: Buffer, bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk;
}

function* bomb(bytes: number): Generator<Buffer> {
  const megabyte = gzipMember(Buffer.alloc(1 << 20, ' '));
  yield gzipMember('{"logs":[');
  for (let left = bytes; left > 0; left -= 1 << 20) yield megabyte;
  yield gzipMember(']}');
}

const signInPage =
  '<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body><h1>Please sign in</h1></body></html>';
