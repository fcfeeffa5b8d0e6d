import { env, l10n, ProgressLocation, Uri } from 'vscode';
import { parseEndpoint } from '../../core/openstack/endpoint';
import { UserError } from '../../core/base/errors';
import { fieldText, type ActivityEvent, type EventSummary } from '../../core/event/event';
import { gone } from '../../core/event/gone';
import { message, type Message } from '../../core/base/message';
import { browserAddress, copyText, liveAddress, type Address } from '../../core/openstack/serviceAddress';
import type { ServiceContext } from '../../core/openstack/serviceUrl';
import { readArgument } from '../../protocol/panelActions';
import type { CodeIndex } from '../code/codeIndex';
import type { Connection } from '../connections/connections';
import { showDocument, type Documents } from '../documents/documents';
import { showCode } from '../code/showCode';
import type { Session } from '../session/session';
import { setting } from '../ui/settings';
import { choiceArgument, textArgument } from '../ui/arguments';
import type { EventPicker } from './pickEvent';
import { abortSignal } from '../ui/abortSignal';
import { translate } from '../ui/translate';
import { showProgress } from '../ui/showProgress';
import { askChoice, askText } from '../ui/prompts';
import { isInteractive, type CommandTable } from '../ui/register';

const targets = ['code', 'live', 'browser', 'copy'] as const;
type Target = (typeof targets)[number];

/** What jumping needs of the world. */
interface JumpParts {
  readonly session: Session;
  readonly picker: EventPicker;
  readonly documents: Documents;
  readonly code: CodeIndex;
  /** Keeps the base address of a component's service for one connection. */
  keepServiceUrl(connection: Connection, component: string, url: string): Promise<void>;
  /** GET with the connection's token. The answer as text. @throws RequestError */
  getResource(connection: Connection, url: string, signal: AbortSignal): Promise<string>;
}

/** The four ways from an event to its URI. */
export function jumpCommands(parts: JumpParts) {
  const { documents, picker, session } = parts;

  const jumps: Readonly<Record<Target, (summary: EventSummary, interactive: boolean) => Promise<void>>> = {
    code: async (summary, interactive) => {
      if (summary.resourceId === undefined) {
        throw new UserError(message('This event names no resource, so there is no code to go to.'));
      }
      await goToCodeOf(summary.resourceId, interactive);
    },
    live: async (summary) => {
      const connection = session.connection;
      if (connection?.kind !== 'http') {
        throw new UserError(message('This connection has no service to ask: only a connection to an endpoint has.'));
      }
      const url = await address(await record(summary), liveAddress);
      const text = await showProgress(l10n.t('Asking {0}…', new URL(url).host), (token) =>
        parts.getResource(connection, url, abortSignal(token)),
      );
      const name = `${new URL(url).pathname.split('/').at(-1) ?? ''} ${l10n.t('now')}.json`;
      await showDocument(documents.answer(name, text, summary));
    },
    browser: async (summary) => {
      const url = await address(await record(summary), browserAddress);
      await env.openExternal(Uri.parse(url, true));
    },
    copy: async (summary) => env.clipboard.writeText(copyText(await record(summary), context())),
  };

  async function goToCodeOf(id: string, interactive: boolean, location?: ProgressLocation): Promise<void> {
    const title = l10n.t('Looking for the code of {0}…', id);
    await showProgress(title, (token) => showCode(id, parts.code, interactive, token), location);
  }

  async function jump(args: unknown, target: Target): Promise<void> {
    await jumps[target](await picker.event(args), isInteractive(args));
  }

  async function record(summary: EventSummary): Promise<ActivityEvent> {
    return ((await (await session.requireHistory()).event(summary.key)) ?? gone()).record;
  }

  function context(): ServiceContext {
    const { connection } = session;
    const endpoint = connection?.kind === 'http' ? parseEndpoint(connection.address) : undefined;
    const serviceUrls = { ...setting('serviceUrls'), ...connection?.serviceUrls };
    return { endpoint, serviceUrls, catalog: connection?.catalog };
  }

  /** The address that `find` names; where the service is not known, the user names its base first and it is remembered. */
  async function address(
    event: ActivityEvent,
    find: (event: ActivityEvent, context: ServiceContext) => Address,
  ): Promise<string> {
    const found = find(event, context());
    if ('url' in found) return found.url;
    if ('none' in found) throw new UserError(found.none);
    const component = fieldText(event, 'source');
    const connection = await session.requireConnection();
    await parts.keepServiceUrl(connection, component, await askServiceUrl(component, found.ask));
    const again = find(event, context());
    if ('url' in again) return again.url;
    throw new UserError('none' in again ? again.none : again.ask);
  }

  return {
    goToUri: async (args) => jump(args, choiceArgument(args, 'target', targets) ?? (await askTarget())),
    goToCode: (args) => jump(args, 'code'),
    // Behind the link of a hover.
    goToCodeOf: async (args) => goToCodeOf(textArgument(args, 'resourceId') ?? '', true),
    showCode: (args) => goToCodeOf(readArgument('showCode', args).id, true, ProgressLocation.Window),
    goToLive: (args) => jump(args, 'live'),
    goToBrowser: (args) => jump(args, 'browser'),
    copyUri: (args) => jump(args, 'copy'),
  } satisfies CommandTable;
}

async function askTarget(): Promise<Target> {
  const items: { label: string; target: Target }[] = [
    { label: l10n.t('Code that declares the resource'), target: 'code' },
    { label: l10n.t('The resource as the service returns it now'), target: 'live' },
    { label: l10n.t('External browser'), target: 'browser' },
    { label: l10n.t('Copy to the clipboard'), target: 'copy' },
  ];
  return (await askChoice(items, { title: l10n.t('Go to URI') })).target;
}

/** Asks for the base address of a service. */
async function askServiceUrl(component: string, question: Message): Promise<string> {
  const url = await askText({
    title: l10n.t('Address of {0}', component),
    prompt: `${translate(question)} ${l10n.t('The token will be sent there.')}`,
    placeHolder: 'https://nova.example.test:8774/v2.1',
    validateInput: (text) => (URL.canParse(text.trim()) ? undefined : l10n.t('This is not an address.')),
  });
  return url.trim();
}
