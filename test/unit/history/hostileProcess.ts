// A process that loads everything from a server that may do its worst, into a file, with the bundled worker. Arguments: endpoint, token, file,
// and the end of the range in UTC milliseconds. Its last line is what came of it as JSON.
import { createAuditSource } from '../../../src/api';
import { format } from '../../../src/core/message';
import { Loader } from '../../../src/history/loader';
import { openHistory } from '../../../src/history/openHistory';
import { watchMemory } from '../../bench/memory';
import { noSignal, silentLog, workerPath } from './fixture';

async function main([endpoint = '', token = '', file = '', to = '']: string[]): Promise<void> {
  const { history } = await openHistory({ workerPath, file });
  const source = createAuditSource({ endpoint, token: () => token, retry: { attempts: 2, baseMs: 1 } });
  const loader = new Loader({
    source,
    history,
    components: [],
    pageSize: 100,
    concurrency: 4,
    now: () => Number(to),
    waitForToken: () => Promise.reject(new Error('The token was refused')),
    log: silentLog,
  });
  const memory = watchMemory();
  const { gaps, loaded } = await loader.load({ from: 0, to: Number(to) }, () => undefined, noSignal);
  source.dispose();
  await history.close();
  const { before, most } = memory.end();
  const reasons = [...new Set(gaps.map(({ reason }) => format(reason)))];
  console.log(JSON.stringify({ before, most, loaded, reasons }));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
