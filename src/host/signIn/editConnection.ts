import { l10n, type QuickPickItem } from 'vscode';
import { parseEndpoint } from '../../core/openstack/endpoint';
import { documentedComponents } from '../../core/event/event';
import { checkServiceAddress } from '../../core/openstack/serviceUrl';
import type { Connection, Details } from '../connections/connections';
import type { Flow } from '../ui/flow';
import { showConnection } from './showConnection';
import { problem } from '../ui/prompts';
import { signInAgain } from './signInCommands';
import { askName } from './signInDraft';
import { describeIdentity, type SignInParts } from './signInWith';

interface Property extends QuickPickItem {
  change(): Promise<unknown>;
}

/** Lets a person change what a connection consists of, one thing after the other, until the person leaves or goes back. */
export async function editConnection(flow: Flow, parts: SignInParts, { id }: Connection): Promise<void> {
  await flow.choice<Property>({
    placeholder: l10n.t('What is to be changed?'),
    items: () => {
      const connection = parts.connections.withId(id);
      return connection ? propertiesOf(flow, parts, connection) : [];
    },
    accept: async (property) => {
      await property.change();
      return false;
    },
  });
}

function propertiesOf(flow: Flow, parts: SignInParts, connection: Connection): Property[] {
  const { connections, session } = parts;
  const { address, auth, components, id, kind, name, serviceUrls = {} } = connection;
  const change = async (details: Details & { name?: string }): Promise<void> => {
    await connections.change(id, details);
    // What is loaded depends on the components.
    if (session.connection?.id === id) {
      await session.recount();
      void session.refreshQuietly();
    }
  };
  const nameProperty: Property = {
    label: l10n.t('Name'),
    description: name,
    change: async () => change({ name: await askName(flow, parts, name) }),
  };
  if (kind !== 'http') return [nameProperty];
  return [
    nameProperty,
    {
      label: l10n.t('Endpoint'),
      description: address,
      change: async () => {
        const text = await flow.text({
          prompt: l10n.t('Another endpoint or project begins a new history: what is stored of this one is deleted.'),
          value: address,
          check: (typed) => problem(() => parseEndpoint(typed)),
        });
        await moveConnection(parts, connection, text);
      },
    },
    {
      label: l10n.t('Sign-in'),
      description: describeIdentity(auth),
      change: () => signInAgain(parts, connection, flow),
    },
    {
      label: l10n.t('Components'),
      description: components?.join(', ') ?? l10n.t('as the setting says'),
      change: async () => {
        const text = await flow.text({
          prompt: l10n.t('The components to load, one stream each, separated by commas. Empty: as the setting says.'),
          value: components?.join(', ') ?? '',
          placeholder: documentedComponents.join(', '),
          check: (typed) =>
            namesIn(typed).every((item) => /^[\w.-]+$/.test(item))
              ? undefined
              : l10n.t('Separate the names by commas.'),
        });
        const names = namesIn(text);
        await change({ components: names.length > 0 ? names : undefined });
      },
    },
    {
      label: l10n.t('Addresses of services'),
      description: Object.keys(serviceUrls).join(', ') || l10n.t('from Keystone or the setting'),
      change: async () => change({ serviceUrls: await askServiceUrls(flow, serviceUrls) }),
    },
  ];
}

/** The same connection with another endpoint. Its password stays, for it belongs to Keystone; its token does not. */
async function moveConnection(parts: SignInParts, connection: Connection, text: string): Promise<void> {
  const { projectId, token, url } = parseEndpoint(text);
  if (url === connection.address) return;
  const { auth, components, kind, name, serviceUrls } = connection;
  await parts.tokens.load(connection);
  const secret = parts.tokens.secret(connection);
  const moved = auth?.kind === 'password' ? { ...auth, project: { id: projectId } } : auth;
  const place = { name, kind, address: url, details: { auth: moved, components, serviceUrls } };
  await showConnection(parts, place, async (made) => {
    if (secret !== undefined) await parts.tokens.setSecret(made, secret);
    if (token !== undefined) await parts.tokens.set(made, token);
  });
  void parts.session.refreshQuietly();
}

/** Changes the address of one component. */
async function askServiceUrls(
  flow: Flow,
  known: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const names = [...new Set([...documentedComponents, ...Object.keys(known)])];
  const items = names.map((name) => ({ label: name, description: known[name] ?? '', name }));
  const placeholder = l10n.t('The address of which component? The token is sent there.');
  const { name } = await flow.choice({ placeholder, items: () => items });
  const text = await flow.text({
    prompt: l10n.t('The base address of {0}. The token is sent there. Empty: from Keystone or the setting.', name),
    value: known[name] ?? '',
    placeholder: 'https://nova.example.test:8774/v2.1',
    check: (typed) => (typed.trim() === '' ? undefined : problem(() => checkServiceAddress(typed))),
  });
  const others = Object.entries(known).filter(([other]) => other !== name);
  return Object.fromEntries(text.trim() === '' ? others : [...others, [name, text.trim()]]);
}

function namesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((name) => name !== ''))];
}
