// A process that loads everything from a stand-in into a file, to be killed at any moment. Arguments: endpoint, token,
// file, and the end of the range in UTC milliseconds.
import { createAuditSource } from '../../../src/api';
import { LocalHistory } from '../../../src/history/localHistory';
import { Loader } from '../../../src/history/loader';
import { noSignal, silentLog } from './fixture';

async function main([endpoint = '', token = '', file = '', to = '']: string[]): Promise<void> {
  const history = new LocalHistory();
  await history.open({ file });
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
