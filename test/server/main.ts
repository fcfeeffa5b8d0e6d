// The stand-in as a process. Its first line of output is JSON: {url, endpoint, authUrl, projectId, token}.
//   --options JSON   ServerOptions as JSON; with {"prepared": {"count": 50000, "newest": 0, ...}}, `newest` 0 means now
//   --sample         the built-in sample project's events
//   --child          end when standard input does, so that it never outlives whoever started it
import { parseArgs } from 'node:util';
import { projectId as sampleProject } from '../../src/sample/people';
import { sampleEvents } from '../../src/sample/sampleEvents';
import { startServer, type ServerOptions } from './startServer';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { options: { type: 'string' }, sample: { type: 'boolean' }, child: { type: 'boolean' } },
  });
  const options = JSON.parse(values.options ?? '{}') as ServerOptions;
  const { prepared } = options;
  const server = await startServer({
    control: true,
    ...options,
    ...(values.sample && { events: sampleEvents(Date.now()), projectId: sampleProject }),
    ...(prepared && { prepared: { ...prepared, newest: prepared.newest || Date.now() } }),
  });
  const { url, endpoint, authUrl, projectId, token } = server;
  console.log(JSON.stringify({ url, endpoint, authUrl, projectId, token }));
  if (values.child) process.stdin.resume().once('end', () => process.exit());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
