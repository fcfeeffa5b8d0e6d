import type { Port } from './rpc';

/** What a Node worker and its parent's port have in common. */
interface Channel<T extends object> {
  postMessage(value: unknown, transfer: readonly T[]): void;
  on(event: 'message', listener: (value: unknown) => void): unknown;
  off(event: 'message', listener: (value: unknown) => void): unknown;
}

/** A worker as seen from its parent, or the parent as seen from the worker, as a port of the rpc. */
export function portOf<T extends object>(channel: Channel<T>): Port {
  return {
    post: (value, transfer) => channel.postMessage(value, transfer as readonly T[]),
    onMessage(listener) {
      channel.on('message', listener);
      return { dispose: () => void channel.off('message', listener) };
    },
  };
}
