// A process that loads everything from a stand-in into a file with the bundled workers, to be killed at any moment. Arguments: endpoint, token,
// file, the end of the range in UTC milliseconds, and the size of a page.
import { openHistory } from '../../../src/history/openHistory';
import { LoadThread, type LoadReport } from '../../../src/app/loadThread';
import { loadWorkerPath, noSignal, workerPath } from './fixture';
import { quietPorts } from '../app/quietPorts';

async function main([endpoint = '', token = '', file = '', to = '', pageSize = '50']: string[]): Promise<void> {
  const { history, serveLoader } = await openHistory({ workerPath, file });
  console.log('open');
  const thread = new LoadThread(loadWorkerPath);
  const task = { range: { from: 0, to: Number(to) }, components: [], pageSize: Number(pageSize), concurrency: 4 };
  const reported = ({ progress }: LoadReport): void => {
    if (progress) console.log('page');
  };
  const ports = { ...quietPorts(token, Number(to)), reported };
  const { gaps } = await thread.load({ kind: 'http', endpoint }, task, ports, serveLoader, noSignal);
  console.log(`gaps ${gaps.length}`);
  thread.dispose();
  await history.close();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
