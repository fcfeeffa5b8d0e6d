import { l10n } from 'vscode';
import { parseAuthUrl, readDomain, usualDomain } from '../../core/authUrl';
import type { Credentials, Identity, PasswordIdentity } from '../../core/credentials';
import { identityName } from '../identityName';
import type { SignInQuestions } from '../signInTo';
import { errorText } from '../translate';
import { askChoice, askText } from './prompts';

/** Credentials with which one can sign in at once. */
export type Complete = Credentials & { readonly secret: string };

/** Asks for all that a sign-in takes; for the secret only, where `known` says who signs in. @throws Dismissed */
export async function askCredentials(known: Identity | undefined): Promise<Complete> {
  const identity = known && known.kind !== 'token' ? known : await askIdentity(known?.authUrl);
  return { identity, secret: await askSecret(identity) };
}

async function askIdentity(authUrl: string | undefined): Promise<PasswordIdentity> {
  const title = l10n.t('Sign in');
  const address = parseAuthUrl(
    await askText({
      title,
      prompt: l10n.t('The address of Keystone: OS_AUTH_URL, or "API Endpoints" in the project settings'),
      placeHolder: 'https://infra.mail.ru:5000/v3',
      value: authUrl ?? '',
      validateInput: (text) => problem(() => parseAuthUrl(text)),
    }),
  );
  const name = await askText({ title, prompt: l10n.t('User name') });
  const usual = usualDomain(address);
  const domain = await askText({
    title,
    prompt: l10n.t('The domain of the user'),
    value: 'id' in usual ? usual.id : usual.name,
  });
  return { kind: 'password', authUrl: address, user: { name, domain: readDomain(domain) } };
}

export function askSecret(identity: Identity): Promise<string> {
  const prompt = identity.kind === 'password' ? l10n.t('Password of {0}', identityName(identity)) : l10n.t('Secret');
  return askText({ title: l10n.t('Sign in'), prompt, password: true });
}

/** Asks a person. A `passcode` that is given is tried first and once. */
export function questionsWith(passcode: string | undefined): SignInQuestions {
  return {
    passcode: async (refusal) => {
      if (passcode === undefined) {
        const why = refusal ? `${errorText(refusal)} ` : '';
        const text = await askText({
          title: l10n.t('Sign in'),
          prompt: why + l10n.t('The passcode of the second factor'),
        });
        return text.replaceAll(/\s/g, '');
      }
      if (refusal) throw refusal;
      return passcode;
    },
    project: async (projects) => {
      const items = projects.map((project) => ({ label: project.name, description: project.id, project }));
      return (await askChoice(items, { title: l10n.t('Project') })).project;
    },
    endpoint: async (endpoints) => {
      const items = endpoints.map((endpoint) => ({ label: endpoint.region, description: endpoint.url, endpoint }));
      return (await askChoice(items, { title: l10n.t('Activity log of which region?') })).endpoint;
    },
  };
}

function problem(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
