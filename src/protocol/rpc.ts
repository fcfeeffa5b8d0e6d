import { RequestError, UserError, type RequestFailure } from '../core/base/errors';
import type { Disposable } from '../core/base/lifecycle';
import type { Message } from '../core/base/message';

/** One end of a channel that keeps the order of messages: a worker's port, a webview, `window`. */
export interface Port {
  /** `transfer` names objects to hand over instead of copying; a port that cannot do so ignores it. */
  post(value: unknown, transfer: readonly object[]): void;
  onMessage(listener: (value: unknown) => void): Disposable;
}

// `any` is what lets methods of every shape be assigned here; nothing is read through it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Handlers<Api> = { readonly [K in keyof Api]: (...args: any[]) => unknown };

/** The peer's methods as seen from here: the same, but always asynchronous. */
export type Remote<Api> = {
  readonly [K in keyof Api]: Api[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

export interface Connection<Api> extends Disposable {
  /**
   * Calls the peer. An `AbortSignal` as the last argument is not sent: aborting it rejects the call at once and aborts
   * the signal that the peer's handler got in its place.
   */
  readonly remote: Remote<Api>;
  /** Ends the conversation: every open and later call rejects with `reason`, every running handler is aborted. */
  dispose(reason?: Error): void;
}

type SentError = { readonly stack: string | undefined } & (
  | {
      readonly kind: 'request';
      readonly text: Message;
      readonly failure: RequestFailure;
      readonly details: { readonly status?: number; readonly retryAfterMs?: number };
    }
  | { readonly kind: 'user'; readonly text: Message }
  | { readonly kind: 'other'; readonly name: string; readonly message: string }
);

/** `rpc` tells these messages from others on the same channel. */
type Packet =
  | { rpc: 'call'; id: number; method: string; args: unknown[]; signal: boolean }
  | { rpc: 'cancel'; id: number }
  | { rpc: 'result'; id: number; value: unknown }
  | { rpc: 'error'; id: number; error: SentError };

const transfers = new WeakMap<object, readonly object[]>();

/** Marks `value`, as an argument or result of the next call, as handing over `objects` (ArrayBuffers) instead of copying them. */
export function transfer<T extends object>(value: T, objects: readonly object[]): T {
  transfers.set(value, objects);
  return value;
}

/**
 * Starts a conversation: answers the peer's calls with `handlers` and makes the peer's methods callable.
 * No call stays pending: it ends with the answer, the error, its signal, or {@link Connection.dispose}. `UserError` and
 * `RequestError` arrive as what they are, other errors as `Error` with name, message and stack.
 */
export function connect<Api>(port: Port, handlers: Handlers<object> = {}): Connection<Api> {
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const running = new Map<number, AbortController>();
  let lastId = 0;
  let closed: Error | undefined;

  function call(method: string, args: unknown[]): Promise<unknown> {
    const last = args.at(-1);
    const signal = last instanceof AbortSignal ? last : undefined;
    if (closed) return Promise.reject(closed);
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const id = ++lastId;
      const onAbort = (): void => {
        settle(id)?.reject(signal?.reason);
        tryPost({ rpc: 'cancel', id });
      };
      const finish =
        <T>(end: (value: T) => void) =>
        (value: T): void => {
          signal?.removeEventListener('abort', onAbort);
          end(value);
        };
      pending.set(id, { resolve: finish(resolve), reject: finish(reject) });
      signal?.addEventListener('abort', onAbort);
      const sent = signal ? args.slice(0, -1) : args;
      try {
        port.post({ rpc: 'call', id, method, args: sent, signal: signal !== undefined }, takeTransfers(sent));
      } catch (error) {
        settle(id)?.reject(error);
      }
    });
  }

  function settle(id: number): { resolve(value: unknown): void; reject(error: unknown): void } | undefined {
    const entry = pending.get(id);
    pending.delete(id);
    return entry;
  }

  async function answer({ id, method, args, signal }: Extract<Packet, { rpc: 'call' }>): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const handler = (handlers as Record<string, unknown>)[method];
      if (typeof handler !== 'function' || method in Object.prototype) throw new Error(`No such method: ${method}`);
      const value: unknown = await handler.apply(handlers, signal ? [...args, controller.signal] : args);
      // A value that cannot be sent must still end the call: post throws here, and the error is sent.
      if (!closed) port.post({ rpc: 'result', id, value }, takeTransfers([value]));
    } catch (error) {
      tryPost({ rpc: 'error', id, error: toSent(error) });
    } finally {
      running.delete(id);
    }
  }

  function tryPost(packet: Packet): void {
    if (closed) return;
    try {
      port.post(packet, []);
    } catch {
      // The channel is gone; whoever owns it disposes of the connection.
    }
  }

  const listening = port.onMessage((value) => {
    if (closed || typeof value !== 'object' || value === null || !('rpc' in value)) return;
    const packet = value as Packet;
    if (packet.rpc === 'call') void answer(packet);
    else if (packet.rpc === 'cancel') running.get(packet.id)?.abort();
    else if (packet.rpc === 'result') settle(packet.id)?.resolve(packet.value);
    else settle(packet.id)?.reject(fromSent(packet.error));
  });

  const methods = new Map<string, (...args: unknown[]) => Promise<unknown>>();
  const remote = new Proxy(
    {},
    {
      get(_target, name) {
        // `then` must be absent, or awaiting the proxy would call it.
        if (typeof name === 'symbol' || name === 'then') return undefined;
        const method = methods.get(name) ?? ((...args: unknown[]) => call(name, args));
        methods.set(name, method);
        return method;
      },
    },
  );

  return {
    remote: remote as Remote<Api>,
    dispose(reason = new Error('The conversation has ended')) {
      if (closed) return;
      closed = reason;
      listening.dispose();
      for (const controller of running.values()) controller.abort();
      for (const id of [...pending.keys()]) settle(id)?.reject(reason);
    },
  };
}

function takeTransfers(values: readonly unknown[]): readonly object[] {
  return values.flatMap((value) => (typeof value === 'object' && value !== null ? (transfers.get(value) ?? []) : []));
}

function toSent(error: unknown): SentError {
  if (!(error instanceof Error)) return { kind: 'other', name: 'Error', message: String(error), stack: undefined };
  const { name, message, stack } = error;
  if (error instanceof RequestError) {
    const { status, retryAfterMs } = error.details;
    const details = { ...(status !== undefined && { status }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
    return { kind: 'request', text: error.text, failure: error.failure, details, stack };
  }
  if (error instanceof UserError) return { kind: 'user', text: error.text, stack };
  return { kind: 'other', name, message, stack };
}

function fromSent(sent: SentError): Error {
  const error =
    sent.kind === 'request'
      ? new RequestError(sent.failure, sent.text, sent.details)
      : sent.kind === 'user'
        ? new UserError(sent.text)
        : Object.assign(new Error(sent.message), { name: sent.name });
  if (sent.stack !== undefined) error.stack = sent.stack;
  return error;
}
