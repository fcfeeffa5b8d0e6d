import assert from 'node:assert/strict';
import { MessageChannel, type MessagePort, type Transferable } from 'node:worker_threads';
import { RequestError, UserError } from '../../../src/core/base/errors';
import { message } from '../../../src/core/base/message';
import { connect, transfer, type Connection, type Handlers, type Port } from '../../../src/protocol/rpc';

interface Api {
  add(a: number, b: number): number;
  echo<T>(value: T): Promise<T>;
  fail(): never;
  hang(signal: AbortSignal): Promise<string>;
  bytes(length: number): Uint8Array;
  unsendable(): unknown;
}

describe('rpc', () => {
  const { port1, port2 } = new MessageChannel();
  let connections: Connection<Api>[] = [];
  let sent = 0;

  function portOf(port: MessagePort): Port {
    return {
      post(value, transferred) {
        sent++;
        port.postMessage(value, transferred as readonly Transferable[]);
      },
      onMessage(listener) {
        port.on('message', listener);
        return { dispose: () => void port.off('message', listener) };
      },
    };
  }

  function start(handlers: Partial<Handlers<Api>> & object): Connection<Api> {
    const peer = connect<Api>(portOf(port2), handlers);
    const connection = connect<Api>(portOf(port1));
    connections.push(peer, connection);
    sent = 0;
    return connection;
  }

  afterEach(() => {
    for (const connection of connections) connection.dispose();
    connections = [];
  });
  after(() => port1.close());

  it('calls the peer and gives back what it answers', async () => {
    const { remote } = start({
      add: (a: number, b: number) => a + b,
      echo: (value: unknown) => Promise.resolve(value),
    });
    assert.equal(await remote.add(1, 2), 3);
    assert.deepEqual(await Promise.all([remote.echo({ a: [1] }), remote.echo(undefined)]), [{ a: [1] }, undefined]);
  });

  it('answers in both directions at once', async () => {
    const left = connect<Api>(portOf(port1), { add: (a: number, b: number) => a - b });
    const right = connect<Api>(portOf(port2), { add: (a: number, b: number) => a + b });
    connections.push(left, right);
    assert.deepEqual(await Promise.all([left.remote.add(5, 3), right.remote.add(5, 3)]), [8, 2]);
  });

  const refused = message('The server said {0}', 429);
  const errors: [string, Error, (received: Error) => void][] = [
    [
      'RequestError',
      new RequestError('rateLimited', refused, { status: 429, retryAfterMs: 10, cause: () => 'not sendable' }),
      (error) => {
        assert.ok(error instanceof RequestError);
        assert.deepEqual(
          [error.failure, error.text, error.details],
          ['rateLimited', refused, { status: 429, retryAfterMs: 10 }],
        );
        assert.equal(error.message, 'The server said 429');
      },
    ],
    [
      'UserError',
      new UserError(refused),
      (error) => {
        assert.ok(error instanceof UserError && !(error instanceof RequestError));
        assert.deepEqual(error.text, refused);
      },
    ],
    [
      'other errors',
      Object.assign(new RangeError('too far'), { position: 3 }),
      (error) => {
        assert.deepEqual([error.name, error.message], ['RangeError', 'too far']);
        assert.match(error.stack ?? '', /rpc\.test/);
      },
    ],
  ];
  for (const [name, error, check] of errors) {
    it(`keeps ${name} across the channel`, async () => {
      const { remote } = start({
        fail: () => {
          throw error;
        },
      });
      await assert.rejects(remote.fail(), (received: Error) => (check(received), true));
    });
  }

  it('rejects at once when the signal is aborted, and aborts the signal of the handler', async () => {
    let aborted: unknown;
    const stopped = new Promise<void>((resolve) => {
      start({
        hang: (signal: AbortSignal) =>
          new Promise(() => {
            signal.addEventListener('abort', () => {
              aborted = signal.reason;
              resolve();
            });
          }),
      });
    });
    const controller = new AbortController();
    const call = connections[1]!.remote.hang(controller.signal);
    setImmediate(() => controller.abort());
    await assert.rejects(call, { name: 'AbortError' });
    await stopped;
    assert.equal((aborted as Error).name, 'AbortError');
  });

  it('sends nothing when the signal is aborted already', async () => {
    const { remote } = start({ hang: () => 'done' });
    await assert.rejects(remote.hang(AbortSignal.abort()), { name: 'AbortError' });
    assert.equal(sent, 0);
  });

  it('hands buffers over in both directions', async () => {
    const { remote } = start({
      echo: (value: Uint8Array) => transfer(value, [value.buffer]),
      bytes: (length: number) => new Uint8Array(length),
    });
    const bytes = new Uint8Array([1, 2, 3]);
    const echoed = (await remote.echo(transfer(bytes, [bytes.buffer]))) as Uint8Array;
    assert.equal(bytes.byteLength, 0);
    assert.deepEqual([...echoed], [1, 2, 3]);
    assert.equal((await remote.bytes(4)).byteLength, 4);
  });

  it('rejects what cannot be sent, in both directions', async () => {
    const { remote } = start({ unsendable: () => () => 0, add: (a: number, b: number) => a + b });
    await assert.rejects(remote.unsendable(), { name: 'DataCloneError' });
    await assert.rejects(
      remote.echo(() => 0),
      { name: 'DataCloneError' },
    );
    assert.equal(await remote.add(1, 1), 2);
  });

  for (const method of ['missing', 'constructor', 'toString', '__proto__']) {
    it(`has no method ${method}`, async () => {
      const { remote } = start({});
      const call = (remote as unknown as Record<string, () => Promise<unknown>>)[method]!();
      await assert.rejects(call, { message: `No such method: ${method}` });
    });
  }

  it('rejects open and later calls when it ends, and aborts the handlers that run', async () => {
    let signal: AbortSignal | undefined;
    const begun = new Promise<void>((resolve) => {
      start({
        hang: (given: AbortSignal) => {
          signal = given;
          resolve();
          return new Promise(() => undefined);
        },
      });
    });
    const [peer, connection] = connections as [Connection<Api>, Connection<Api>];
    const call = connection.remote.hang(new AbortController().signal);
    await begun;
    const reason = new UserError(message('It is over.'));
    connection.dispose(reason);
    await assert.rejects(call, reason);
    await assert.rejects(connection.remote.add(1, 2), reason);
    peer.dispose();
    assert.equal(signal?.aborted, true);
  });

  it('does not mind foreign messages', async () => {
    const { remote } = start({ add: (a: number, b: number) => a + b });
    for (const value of [null, 'text', { rpc: 'result', id: 99, value: 1 }, { rpc: 'cancel', id: 99 }, { other: true }])
      port2.postMessage(value);
    assert.equal(await remote.add(2, 2), 4);
  });

  it('is no promise itself', async () => {
    const { remote } = start({});
    assert.equal(await Promise.resolve(remote), remote);
  });
});
