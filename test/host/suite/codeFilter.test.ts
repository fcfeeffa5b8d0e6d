import assert from 'node:assert/strict';
import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Uri, workspace, type Memento } from 'vscode';
import { format, type Message } from '../../../src/core/base/message';
import { idOf } from '../../../src/sample/random';
import { preparePage } from '../../../src/history/ingest/preparePage';
import { storePage } from '../../../src/history/load/storePage';
import { LocalHistory } from '../../../src/history/localHistory';
import { Choices, unreadCode, type CodeSubject } from '../../../src/host/session/choices';
import { chooseCode } from '../../../src/host/code/codeChoice';
import { CodeRenewal } from '../../../src/host/code/codeRenewal';
import { StateTimes } from '../../../src/host/code/stateTimes';
import { CodeIndex } from '../../../src/host/code/codeIndex';
import type { Connection } from '../../../src/host/connections/connections';
import { Session } from '../../../src/host/session/session';
import { openIndex } from '../../../src/terraform/openIndex';

const workerPath = path.resolve(__dirname, '../../../terraformWorker.js');
const log = { info: () => undefined, warn: () => undefined, error: (text: string) => assert.fail(text) };
const connection: Connection = { id: 'code', name: 'Code', kind: 'http', address: '' };
const { signal } = new AbortController();

/** What stays of a window when it is reloaded: as JSON. */
class Kept implements Memento {
  readonly texts = new Map<string, string>();
  keys = (): readonly string[] => [...this.texts.keys()];
  get = <T>(key: string, standard?: T): T => {
    const text = this.texts.get(key);
    return text === undefined ? (standard as T) : (JSON.parse(text) as T);
  };
  update = async (key: string, value: unknown): Promise<void> => void this.texts.set(key, JSON.stringify(value));
}

/** One window: the session, what keeps its code up to date, and what it said. */
function openWindow(memento: Kept) {
  const said: Message[] = [];
  const session = new Session(
    {
      open: async () => {
        const history = new LocalHistory();
        await history.open({ file: ':memory:' });
        const servers = ['web-1', 'web-2', 'db-1'].map((name, index) => ({
          event_id: `e${index}`,
          timestamp: new Date(Date.now() - 60_000 * (index + 1)).toISOString(),
          source: 'nova',
          action: 'update-vm',
          success: 'yes',
          method: 'PUT',
          uri: `/v2.1/servers/${idOf(`server ${name}`)}`,
          user_agent: 'Mozilla/5.0 (X11) Chrome/120.0',
        }));
        await storePage(history, preparePage(Buffer.from(JSON.stringify({ logs: servers }))), '', undefined);
        return {
          history,
          inMemory: true,
          requester: undefined,
          coverage: () => Promise.resolve({ streams: [], requester: '' }),
          load: () => Promise.reject(new Error('Nothing is loaded')),
          dispose: () => undefined,
        };
      },
      tokenMissing: () => false,
      askForToken: () => Promise.resolve(),
      say: (notice) => said.push(notice),
    },
    new Choices(memento),
    log,
  );
  const code = new CodeIndex((reader) => openIndex(workerPath, reader), log);
  const times = new StateTimes(memento);
  const renewal = new CodeRenewal({ session, code, times, log, say: (notice) => said.push(notice) });
  return {
    session,
    code,
    times,
    said,
    count: () => session.counts.days.reduce((sum, { events }) => sum + events, 0),
    close: () => {
      for (const part of [renewal, session, code]) part.dispose();
    },
  };
}

async function until(done: () => boolean): Promise<void> {
  for (const end = Date.now() + 8_000; !done();) {
    assert.ok(Date.now() < end, 'It takes too long');
    await sleep(20);
  }
}

describe('what the view shows of code', () => {
  const uri = (file: string): string => Uri.joinPath(workspace.workspaceFolders![0]!.uri, file).toString();
  // The events are newer than what was applied last.
  before(() => utimes(Uri.parse(uri('terraform.tfstate')).fsPath, 1_000, 1_000));
  const web = { kind: 'resource', type: 'vkcs_compute_instance', name: 'web' } as const;

  for (const [subject, name, events] of [
    [{}, 'this workspace', 3],
    [{ uri: uri('servers.tf') }, 'workspace/servers.tf', 2],
    [{ uri: uri('servers.tf'), block: web }, 'vkcs_compute_instance.web', 2],
    [
      { uri: uri('servers.tf'), block: web, outside: true },
      'vkcs_compute_instance.web changed outside Terraform (a guess)',
      2,
    ],
  ] as readonly (readonly [CodeSubject, string, number])[]) {
    it(`is the same after a reload: ${name}`, async () => {
      const memento = new Kept();
      const before = openWindow(memento);
      await before.session.open(connection);
      await before.session.setSubject({ code: await chooseCode(subject, before.code, before.times) });
      assert.deepEqual([before.session.choice.code?.name, before.count()], [name, events]);
      before.close();
      const kept = [...memento.texts].filter(([key]) => key.startsWith('choice')).join();
      assert.ok(!kept.includes(idOf('server web-1')), kept);
      const after = openWindow(memento);
      const opened = after.session.open(connection);
      await opened;
      // None is shown that may not belong there.
      assert.ok(!unreadCode(after.session.choice) || after.count() === 0);
      assert.equal(after.session.choice.code?.name, name);
      await until(() => after.count() === events);
      assert.equal(unreadCode(after.session.choice), undefined);
      assert.deepEqual(after.said, []);
      after.close();
    });
  }

  it('is all, with the reason, where the code is gone', async () => {
    const memento = new Kept();
    const before = openWindow(memento);
    await before.session.open(connection);
    const gone = { uri: uri('gone.tf'), block: web };
    await before.session.setSubject({
      code: { ...(await chooseCode({}, before.code, before.times)), subject: gone, name: 'gone' },
    });
    before.close();
    const after = openWindow(memento);
    await after.session.open(connection);
    await until(() => after.said.length > 0);
    assert.match(
      format(after.said[0]!),
      /^Only events of gone were shown, now all are: No state of this workspace knows/,
    );
    assert.equal(after.session.choice.code, undefined);
    await until(() => after.count() === 3);
    after.close();
  });

  it('follows what is applied', async () => {
    const memento = new Kept();
    const { session, code, times, count, close } = openWindow(memento);
    await session.open(connection);
    await session.setSubject({ code: await chooseCode({}, code, times) });
    assert.equal(count(), 3);
    const state = Uri.parse(uri('terraform.tfstate'));
    const stored = await workspace.fs.readFile(state);
    try {
      const applied = Buffer.from(stored).toString().replaceAll(idOf('server web-2'), idOf('server other'));
      await workspace.fs.writeFile(state, Buffer.from(applied));
      await until(() => count() === 2);
    } finally {
      await workspace.fs.writeFile(state, stored);
      await code.ready(signal);
    }
    await until(() => count() === 3);
    close();
  });
});
