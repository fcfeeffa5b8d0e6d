// A process that loads everything from a stand-in into a file with the bundled workers, to be killed at any moment. Arguments: endpoint, token,
// file, and the end of the range in UTC milliseconds.
import { Loader } from '../../../src/history/load/loader';
import { openHistory } from '../../../src/history/openHistory';
import { PageThread } from '../../../src/app/pageThread';
import { noSignal, pageWorkerPath, silentLog, workerPath } from './fixture';

async function main([endpoint = '', token = '', file = '', to = '']: string[]): Promise<void> {
  const { history, receivePages } = await openHistory({ workerPath, file });
  console.log('open');
  const thread = new PageThread(pageWorkerPath);
  const source = await thread.open({ endpoint, token: () => token }, receivePages);
  const loader = new Loader({
    source,
    history,
    components: [],
    pageSize: 50,
    concurrency: 4,
    now: () => Number(to),
    waitForToken: () => Promise.reject(new Error('The token was refused')),
    log: silentLog,
  });
  const { gaps } = await loader.load({ from: 0, to: Number(to) }, () => console.log('page'), noSignal);
  console.log(`gaps ${gaps.length}`);
  source.dispose();
  thread.dispose();
  await history.close();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
