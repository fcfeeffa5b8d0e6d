import type { MessagePort } from 'node:worker_threads';
import { connect } from '../../protocol/rpc';
import { portOf } from '../../protocol/workerPort';
import { free } from '../db/free';
import type { PageGiver, PageReceiver } from './pageSender';
import type { BatchOfPage, PreparedPage } from './preparePage';

/** A page that waits to be stored or dropped. */
export interface WaitingPage extends Pick<PreparedPage, 'release'> {
  batches(): Iterable<BatchOfPage> | AsyncIterable<BatchOfPage>;
}

/** The pages that wait, by ticket: prepared on this thread or on another one. */
export class WaitingPages {
  readonly #pages = new Map<number, WaitingPage>();
  #lastTicket = 0;

  /** Returns its ticket. */
  add(page: WaitingPage): number {
    this.#pages.set(++this.#lastTicket, page);
    return this.#lastTicket;
  }

  /** Receives pages through `port`, with tickets above all of {@link add}; those left when it closes are dropped. */
  receive(port: MessagePort): void {
    const received = new Set<number>();
    const { dispose, remote } = connect<PageGiver>(portOf(port), {
      take: (ticket, first) => {
        received.add(ticket);
        this.#pages.set(ticket, {
          async *batches() {
            for (let batch = first; ; batch = await remote.next(ticket)) {
              yield batch;
              free(batch.batch.bytes);
              if (batch.isLast) return;
            }
          },
          release: () => {
            received.delete(ticket);
            if (!first.isLast) void remote.release(ticket).catch(() => undefined);
          },
        });
      },
    } satisfies PageReceiver);
    port.once('close', () => {
      dispose();
      for (const ticket of received) this.drop(ticket);
    });
  }

  /** Hands a page over to be stored. @throws Error where there is none */
  take(ticket: number): WaitingPage {
    const page = this.#pages.get(ticket);
    if (!page) throw new Error(`No page ${ticket}`);
    this.#pages.delete(ticket);
    return page;
  }

  drop(ticket: number): void {
    this.#pages.get(ticket)?.release();
    this.#pages.delete(ticket);
  }
}
