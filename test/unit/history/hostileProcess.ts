// A process that loads everything from a server that may do its worst, into a file, with the bundled workers. Arguments: endpoint, token, file,
// and the end of the range in UTC milliseconds. Its last line is what came of it as JSON.
import { format } from '../../../src/core/base/message';
import { openHistory } from '../../../src/history/openHistory';
import { LoadThread } from '../../../src/app/loadThread';
import { watchMemory } from '../../bench/memory';
import { loadWorkerPath, noSignal, workerPath } from './fixture';
import { quietPorts } from '../app/quietPorts';

async function main([endpoint = '', token = '', file = '', to = '']: string[]): Promise<void> {
  const { history, serveLoader } = await openHistory({ workerPath, file });
  const thread = new LoadThread(loadWorkerPath);
  const source = { kind: 'http', endpoint, retry: { attempts: 2, baseMs: 1 } } as const;
  const task = { range: { from: 0, to: Number(to) }, components: [], pageSize: 100, concurrency: 4 };
  const memory = watchMemory();
  const { gaps, loaded } = await thread.load(source, task, quietPorts(token, Number(to)), serveLoader, noSignal);
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
