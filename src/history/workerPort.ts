import type { MessagePort, Transferable, Worker } from 'node:worker_threads';
import type { Port } from '../protocol/rpc';

/** A worker as seen from its parent, or the parent as seen from the worker, as a port of the rpc. */
export function portOf(channel: Worker | MessagePort): Port {
  return {
    post: (value, transfer) => channel.postMessage(value, transfer as readonly Transferable[]),
    onMessage(listener) {
      channel.on('message', listener);
      return { dispose: () => void channel.off('message', listener) };
    },
  };
}
