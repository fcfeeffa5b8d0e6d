// A process that loads everything from a stand-in into a file with the bundled worker, to be killed at any moment. Arguments: endpoint, token,
// file, and the end of the range in UTC milliseconds.
import { createAuditSource } from '../../../src/api';
import { Loader } from '../../../src/history/loader';
import { openHistory } from '../../../src/history/openHistory';
import { noSignal, silentLog, workerPath } from './fixture';

async function main([endpoint = '', token = '', file = '', to = '']: string[]): Promise<void> {
  const { history } = await openHistory({ workerPath, file });
  console.log('open');
  const source = createAuditSource({ endpoint, token: () => token });
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
  await history.close();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
