import { parentPort, type MessagePort } from 'node:worker_threads';
import { createAuditSource } from '../api';
import { PageSender } from '../history/ingest/pageSender';
import { SourcePages, type Pages } from '../history/load/pages';
import type { PageLoad, PageLoadPorts } from './pageThread';
import { connect } from '../protocol/rpc';
import { portOf } from '../protocol/workerPort';

// The entry of the thread that requests pages and prepares them to be stored.
if (!parentPort) throw new Error('This file is run as a worker only');

connect(portOf(parentPort), {
  /** Begins a load, which goes on through `control` until that is closed. */
  open({ firstTicket, ...options }: PageLoad, control: MessagePort, batches: MessagePort): void {
    const { dispose, remote } = connect<PageLoadPorts>(portOf(control), {
      read: (...args: Parameters<Pages['read']>) => pages.read(...args),
      done: (ticket: number) => pages.done(ticket),
    });
    control.once('close', () => {
      dispose();
      batches.close();
    });
    const source = createAuditSource({
      ...options,
      token: () => remote.token(),
      onAttempt: (attempt) => void remote.onAttempt(attempt).catch(() => undefined),
    });
    const pages = new SourcePages(source, new PageSender(portOf(batches), firstTicket));
    control.once('close', () => source.dispose());
  },
});
