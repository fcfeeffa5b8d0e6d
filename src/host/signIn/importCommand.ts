import { homedir } from 'node:os';
import path from 'node:path';
import { l10n, ThemeIcon, Uri, window, workspace, type QuickPickItem } from 'vscode';
import { kindOf, toCredentials, type CloudValues } from '../../core/openstack/cloudValues';
import { UserError } from '../../core/base/errors';
import { message, type Message } from '../../core/base/message';
import { visibleText } from '../../core/base/visibleText';
import type { Finding, Findings } from '../../credentials/searchClouds';
import type { Connection } from '../connections/connections';
import { Flow, type Step } from '../ui/flow';
import { translate } from '../ui/translate';
import { textArgument } from '../ui/arguments';
import { showView } from './connectionCommands';
import { isInteractive, type CommandTable } from '../ui/register';
import { reviewDraft } from './reviewDraft';
import { questionsWith } from './signInCommands';
import { SignInDraft } from './signInDraft';
import { signInWith, type SignInParts } from './signInWith';

/** What importing works with. */
interface ImportParts extends SignInParts {
  /** Looks for clouds in one file, or in all the usual places. @throws UserError */
  findClouds(file: string | undefined, signal: AbortSignal): Promise<Findings>;
}

/** Takes over what one signs in with from files and the environment. */
export function importCommand(parts: ImportParts): CommandTable {
  const { session } = parts;
  return {
    importCredentials: async (args) => {
      const file = textArgument(args, 'path');
      if (file === undefined) await importInteractively(parts);
      else await importFile(parts, file);
      if (isInteractive(args)) await showView();
      void session.refreshQuietly();
    },
  };
}

/** Signs in with what a file tells. Asks only for what it does not. */
async function importFile(parts: ImportParts, file: string): Promise<Connection> {
  const { clouds } = await parts.findClouds(resolvePath(file), new AbortController().signal);
  const flow = new Flow(l10n.t('Import credentials'));
  const [only] = clouds;
  const finding = clouds.length === 1 && only ? only : (await flow.choice(choiceOf({ clouds, problems: [] }))).finding;
  if (!finding) throw new UserError(message('{0} tells of no cloud to sign in to.', file));
  const { secret, ...credentials } = toCredentials(finding.values);
  if (secret !== undefined) return signInWith(parts, { ...credentials, secret }, questionsWith(undefined));
  return draftOf(parts, finding).run(flow, finding.name);
}

/** Shows what there is, then what would be used of it, and signs in once that is agreed to. */
async function importInteractively(parts: ImportParts): Promise<Connection> {
  const flow = new Flow(l10n.t('Import credentials'));
  let finding: Finding | undefined;
  let draft = new SignInDraft(parts);
  const nameStep = (): Step => draft.nameStep(finding?.name);
  await flow.run([
    {
      ask: async () => {
        const chosen = await flow.choice<FindingItem>({
          ...choiceOf(() => parts.findClouds(undefined, new AbortController().signal)),
          accept: async (item, signal) => {
            finding = item.finding ?? (item.browse ? await browse(flow, parts, signal) : undefined);
            return finding !== undefined;
          },
        });
        finding ??= chosen.finding;
        if (finding) draft = draftOf(parts, finding);
      },
    },
    { ask: () => reviewDraft(flow, draft, finding?.notes ?? []) },
    { needed: () => nameStep().needed?.() !== false, ask: () => nameStep().ask(flow) },
  ]);
  return draft.keep();
}

interface FindingItem extends QuickPickItem {
  readonly finding?: Finding;
  readonly browse?: boolean;
}

function choiceOf(found: Findings | (() => Promise<Findings>)): {
  placeholder: string;
  items: () => Promise<FindingItem[]>;
} {
  return {
    placeholder: l10n.t('What do you want to sign in with? Nothing is sent before the next step.'),
    items: async () => {
      const { clouds, problems } = typeof found === 'function' ? await found() : found;
      const iconPath = new ThemeIcon('folder-opened');
      const browse = { label: l10n.t('Choose a file…'), iconPath, browse: true, alwaysShow: true };
      return [...clouds.map(toItem), ...problems.map(problemItem), browse];
    },
  };
}

const icons: Readonly<Record<Finding['kind'], ThemeIcon>> = {
  clouds: new ThemeIcon('cloud'),
  openrc: new ThemeIcon('terminal-bash'),
  terraform: new ThemeIcon('symbol-namespace'),
  environment: new ThemeIcon('symbol-variable'),
};

function toItem(finding: Finding): FindingItem {
  const { file, kind, name, values } = finding;
  const title = name || (file ? path.basename(file) : l10n.t('Environment (OS_*)'));
  return {
    label: visibleText(title, 80),
    iconPath: icons[kind],
    description: describe(values),
    detail: visibleText(file),
    finding,
  };
}

function describe(values: CloudValues): string {
  const { auth_url: authUrl = '' } = values;
  const host = URL.canParse(authUrl) ? new URL(authUrl).host : visibleText(authUrl, 60);
  const user =
    values.username ?? values.user_id ?? values.application_credential_name ?? values.application_credential_id;
  return [user && visibleText(user, 60), host, values.region_name && visibleText(values.region_name, 40)]
    .filter(Boolean)
    .join(', ');
}

function problemItem(problem: Message): FindingItem {
  return { label: translate(problem), iconPath: new ThemeIcon('warning') };
}

/** A cloud of a file that the person chooses. @throws UserError where it tells of none */
async function browse(flow: Flow, parts: ImportParts, signal: AbortSignal): Promise<Finding | undefined> {
  const picked = await flow.aside(() =>
    window.showOpenDialog({ title: l10n.t('openrc, clouds.yaml or Terraform code'), defaultUri: Uri.file(homedir()) }),
  );
  const [file] = picked ?? [];
  if (!file) return undefined;
  const found = await parts.findClouds(file.fsPath, signal);
  const [only] = found.clouds;
  return found.clouds.length === 1 ? only : (await flow.choice(choiceOf(found))).finding;
}

function draftOf(parts: ImportParts, { values }: Finding): SignInDraft {
  const types = { password: 'password', applicationCredential: 'v3applicationcredential', token: 'token' };
  return new SignInDraft(parts, { ...values, auth_type: types[kindOf(values)] });
}

/** `~` is the home folder; other paths begin in the first folder of the workspace. */
function resolvePath(file: string): string {
  const inHome = /^~(?=$|[/\\])/.test(file) ? file.replace(/^~/, () => homedir()) : file;
  return path.resolve(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', inHome);
}
