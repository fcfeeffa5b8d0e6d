// A process that loads everything from a server that may do its worst, into a file, with the bundled workers. Arguments: endpoint, token, file,
// and the end of the range in UTC milliseconds. Its last line is what came of it as JSON.
import { format } from '../../../src/core/base/message';
import { Loader } from '../../../src/history/load/loader';
import { openHistory } from '../../../src/history/openHistory';
import { PageThread } from '../../../src/app/pageThread';
import { watchMemory } from '../../bench/memory';
import { noSignal, pageWorkerPath, silentLog, workerPath } from './fixture';

async function main([endpoint = '', token = '', file = '', to = '']: string[]): Promise<void> {
  const { history, receivePages } = await openHistory({ workerPath, file });
  const thread = new PageThread(pageWorkerPath);
  const source = await thread.open({ endpoint, token: () => token, retry: { attempts: 2, baseMs: 1 } }, receivePages);
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
  thread.dispose();
  await history.close();
  const { before, most } = memory.end();
  const reasons = [...new Set(gaps.map(({ reason }) => format(reason)))];
  console.log(JSON.stringify({ before, most, loaded, reasons }));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
