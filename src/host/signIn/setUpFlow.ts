import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import { endpointGaps, fillEndpoint, parseEndpoint, type Endpoint } from '../../core/openstack/endpoint';
import type { Connection } from '../connections/connections';
import { Flow, type Step } from '../ui/flow';
import { showConnection } from './showConnection';
import { problem } from '../ui/prompts';
import { askName, SignInDraft } from './signInDraft';
import type { SignInParts } from './signInWith';

/** Asks for an endpoint, how to get its tokens and, unless it is given, a name, and shows the connection. */
export async function setUpConnection(
  parts: SignInParts,
  initial: string,
  given: string | undefined,
): Promise<Connection> {
  const { connections, tokens } = parts;
  const flow = new Flow(l10n.t('Set up connection'));
  const draft = new SignInDraft(parts);
  let text = initial;
  let port = '';
  let project = '';
  let endpoint: Endpoint | undefined;
  let name = given;
  let how: How | undefined;
  /** What is wrong with these parts, while others may still be missing. */
  const check = (parts: { text?: string; port?: string; project?: string }): string | undefined =>
    problem(() => read({ text, port: port || '443', project: project || '0'.repeat(32), ...parts }));
  const settle = (): void => {
    const gaps = endpointGaps(text);
    const isOpen = (gaps.port && port === '') || (gaps.project && project === '');
    endpoint = isOpen ? undefined : read({ text, port, project });
    if (endpoint) draft.set({ audit_endpoint_override: endpoint.url });
  };

  const steps: Step[] = [
    {
      ask: async () => {
        text = await flow.text({
          prompt: l10n.t(
            'The Audit endpoint of the project settings page "API Endpoints", or the curl command of the documentation',
          ),
          placeholder: 'https://mcs.mail.ru/auditlogs/v1/<project id>',
          value: text,
          check: (typed) => check({ text: typed }),
        });
        settle();
      },
    },
    {
      needed: () => endpointGaps(text).port,
      ask: async () => {
        const prompt = l10n.t('The port of the endpoint, as the project settings page "API Endpoints" shows it');
        port = await flow.text({ prompt, value: port, check: (typed) => check({ port: typed.trim() || '?' }) });
        settle();
      },
    },
    {
      needed: () => endpointGaps(text).project,
      ask: async () => {
        const prompt = l10n.t('The OpenStack id of the project: 32 digits and letters a to f');
        project = await flow.text({ prompt, value: project, check: (typed) => check({ project: typed.trim() }) });
        settle();
      },
    },
    {
      needed: () => endpoint?.token === undefined,
      ask: async () => {
        how = await askHow(flow);
        draft.set({ auth_type: how === 'later' ? undefined : how });
      },
    },
    ...draft.steps().map((step) => ({
      ...step,
      needed: () => endpoint?.token === undefined && how !== undefined && how !== 'later' && step.needed?.() === true,
    })),
    {
      needed: () => given === undefined && (!endpoint || !connections.hasEndpoint(endpoint.url)),
      ask: async () => {
        const { projectId = '', url = '' } = endpoint ?? {};
        const wanted = `${new URL(url).host} ${projectId.slice(0, 8)}`;
        name = await askName(flow, parts, connections.nameFor('http', url, wanted));
      },
    },
  ];
  await flow.run(steps);
  const { token, url = '' } = endpoint ?? {};
  if (draft.isSignedIn && token === undefined) return draft.keep(name);
  const place = { name: name ?? connections.nameFor('http', url, url), kind: 'http', address: url } as const;
  return showConnection(parts, place, async (made) => {
    if (token !== undefined) await tokens.set(made, token);
  });
}

function read({ text, port, project }: { text: string; port: string; project: string }): Endpoint {
  return parseEndpoint(fillEndpoint(text, { port: port.trim(), project: project.trim() }));
}

type How = 'password' | 'v3applicationcredential' | 'token' | 'later';

async function askHow(flow: Flow): Promise<How> {
  const items: (QuickPickItem & { readonly how: How })[] = [
    { label: l10n.t('Sign in with user name and password'), iconPath: new ThemeIcon('account'), how: 'password' },
    {
      label: l10n.t('Sign in with an application credential'),
      iconPath: new ThemeIcon('lock'),
      how: 'v3applicationcredential',
    },
    {
      label: l10n.t('Paste a token'),
      iconPath: new ThemeIcon('key'),
      description: l10n.t('It lives one hour.'),
      how: 'token',
    },
    { label: l10n.t('Later'), iconPath: new ThemeIcon('clock'), how: 'later' },
  ];
  const placeholder = l10n.t('How do you get a token for it? Signing in renews it by itself.');
  return (await flow.choice({ placeholder, items: () => items })).how;
}
