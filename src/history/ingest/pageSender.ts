import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect, transfer, type Port, type Remote } from '../../protocol/rpc';
import type { Batch } from '../db/batch';
import type { DecodedPage, History } from '../history';
import { preparePage, type BatchOfPage, type PreparedPage } from './preparePage';

/** What the thread that stores pages offers to the one that prepares them. */
export interface PageReceiver {
  /** The first batch of a page. */
  take(ticket: number, first: BatchOfPage): void;
}

/** What it asks of that. */
export interface PageGiver {
  /** The next batch of a page; the one before may be forgotten. */
  next(ticket: number): BatchOfPage;
  /** The page was stored or dropped. */
  release(ticket: number): void;
}

/** Prepares pages on this thread and hands them over to the one that stores them. */
export class PageSender implements Pick<History, 'decodePage'>, PageGiver {
  readonly #receiver: Remote<PageReceiver>;
  /** The pages of which there is more to send. */
  readonly #pages = new Map<number, { readonly page: PreparedPage; readonly batches: Iterator<BatchOfPage> }>();
  #lastTicket: number;

  /** @param firstTicket there are no others from there on */
  constructor(port: Port, firstTicket: number) {
    this.#receiver = connect<PageReceiver>(port, this).remote;
    this.#lastTicket = firstTicket;
  }

  async decodePage(bytes: Uint8Array): Promise<DecodedPage> {
    // A part of a bigger buffer cannot be handed over alone.
    const page = preparePage(bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes));
    const ticket = this.#lastTicket++;
    const batches = page.batches()[Symbol.iterator]();
    this.#pages.set(ticket, { page, batches });
    // It is there before anybody can ask for the page; what cannot be sent fails at once.
    await Promise.race([this.#receiver.take(ticket, this.next(ticket)), nextTurn()]);
    return { ticket, ...page.decoded };
  }

  next(ticket: number): BatchOfPage {
    const found = this.#pages.get(ticket)?.batches.next();
    if (!found || found.done) throw new Error(`No more of page ${ticket}`);
    if (found.value.isLast) this.release(ticket);
    return transfer(found.value, buffersOf(found.value.batch));
  }

  release(ticket: number): void {
    this.#pages.get(ticket)?.page.release();
    this.#pages.delete(ticket);
  }
}

function buffersOf(batch: Batch): ArrayBuffer[] {
  const parts = Object.values(batch).filter((part) => ArrayBuffer.isView(part));
  return [...new Set(parts.map(({ buffer }) => buffer as ArrayBuffer))];
}
