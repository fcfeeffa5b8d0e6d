import { env, extensions, l10n, version, window, workspace } from 'vscode';
import { isWorking, writeReport, type Finding } from '../../core/format/connectionReport';
import { UserError } from '../../core/base/errors';
import { message, type Message } from '../../core/base/message';
import { abortSignal } from '../ui/abortSignal';
import type { Connection, Connections } from '../connections/connections';
import type { Documents } from '../documents/documents';
import type { Session } from '../session/session';
import { translate } from '../ui/translate';
import { showProgress } from '../ui/showProgress';
import { textArgument } from '../ui/arguments';
import type { CommandTable } from '../ui/register';

interface TestParts {
  readonly session: Session;
  readonly connections: Connections;
  readonly documents: Documents;
  test(connection: Connection, signal: AbortSignal): Promise<readonly Finding[]>;
}

/** What the command gives to a program. */
export interface TestResult {
  readonly ok: boolean;
  /** Markdown, without secrets. */
  readonly report: string;
}

/** The command that tests a connection and shows what it found as a document. */
export function testCommand({ session, connections, documents, test }: TestParts): CommandTable {
  return {
    testConnection: async (args): Promise<TestResult> => {
      const name = textArgument(args, 'name');
      const connection = name === undefined ? await session.requireConnection() : connections.require(name);
      if (connection.kind !== 'http')
        throw new UserError(message('This connection has no server to test: only a connection to an endpoint has.'));
      const title = l10n.t('Testing the connection "{0}"…', connection.name);
      const findings = await showProgress(title, (token) => test(connection, abortSignal(token)));
      const heading = message('Test of the connection “{0}”', connection.name);
      const report = writeReport(heading, factsOf(connection), findings, translate);
      const document = await workspace.openTextDocument(documents.report(`${translate(heading)}.md`, report));
      await window.showTextDocument(document, { preview: true });
      return { ok: isWorking(findings), report };
    },
  };
}

function factsOf(connection: Connection): [name: Message, value: string][] {
  const own = extensions.getExtension('activity-log.vk-cloud-activity-log')?.packageJSON as { version?: string };
  const { arch, platform, versions } = process;
  return [
    [message('Endpoint'), connection.address],
    [message('Time'), new Date().toISOString()],
    [message('Extension'), own.version ?? '?'],
    [
      message('Editor'),
      `VS Code ${version}, ${env.remoteName ?? env.appHost}, ${platform} ${arch}, Node.js ${versions.node}`,
    ],
  ];
}
