import { l10n } from 'vscode';
import { parseAuthUrl, readDomain, usualDomain } from '../../core/openstack/authUrl';
import { kindOf, type CloudValues } from '../../core/openstack/cloudValues';
import type { Identity } from '../../core/openstack/credentials';
import { parseEndpoint } from '../../core/openstack/endpoint';
import { isVendorHost } from '../../core/openstack/serviceUrl';
import { cleanToken } from './askToken';
import { problem } from '../ui/prompts';

/** One thing that signing in takes, as a person is asked for it. */
interface Field {
  readonly label: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly isSecret?: boolean;
  /** '' where it is not known. */
  read(values: CloudValues): string;
  /** What it most likely is where it is not known. */
  usual?(values: CloudValues): string;
  /** The values that say `text`; undefined takes one away. */
  write(text: string): { readonly [K in keyof CloudValues]: CloudValues[K] | undefined };
  /** What is wrong with `text`. */
  check(text: string): string | undefined;
}

export type FieldName =
  | 'authUrl'
  | 'user'
  | 'domain'
  | 'password'
  | 'credential'
  | 'credentialSecret'
  | 'token'
  | 'project'
  | 'region'
  | 'endpoint';

/** What counts for each way of signing in, in the order in which it is asked for. */
export const fieldsOf: Readonly<Record<Identity['kind'], readonly FieldName[]>> = {
  password: ['authUrl', 'user', 'domain', 'password', 'project', 'region', 'endpoint'],
  applicationCredential: ['authUrl', 'credential', 'credentialSecret', 'region', 'endpoint'],
  token: ['authUrl', 'token', 'project', 'region', 'endpoint'],
};

/** What has to be known for signing in. */
export function requiredFields(values: CloudValues): readonly FieldName[] {
  const required: Readonly<Record<Identity['kind'], readonly FieldName[]>> = {
    password: values.user_id === undefined ? ['authUrl', 'user', 'domain', 'password'] : ['authUrl', 'password'],
    applicationCredential: ['authUrl', 'credential', 'credentialSecret'],
    token: ['token'],
  };
  return required[kindOf(values)];
}

export function signInFields(): Readonly<Record<FieldName, Field>> {
  const needed = (text: string): string | undefined => (text.trim() === '' ? l10n.t('This is needed.') : undefined);
  const anything = (): undefined => undefined;
  return {
    authUrl: {
      label: l10n.t('Address for signing in'),
      prompt: l10n.t('The address of Keystone: OS_AUTH_URL, or "API Endpoints" in the project settings'),
      placeholder: vendorKeystone,
      read: (values) => values.auth_url ?? '',
      usual: ({ audit_endpoint_override: endpoint }) =>
        endpoint !== undefined && isVendorHost(new URL(endpoint).hostname) ? vendorKeystone : '',
      write: (text) => ({ auth_url: parseAuthUrl(text) }),
      check: (text) => problem(() => parseAuthUrl(text)),
    },
    user: {
      label: l10n.t('User'),
      prompt: l10n.t('User name'),
      read: (values) => values.username ?? values.user_id ?? '',
      write: (text) => ({ username: text.trim(), user_id: undefined }),
      check: needed,
    },
    domain: {
      label: l10n.t('Domain of the user'),
      prompt: l10n.t('The domain of the user'),
      read: ({ user_domain_name: name, user_domain_id: id, domain_name, domain_id, default_domain }) =>
        id ?? name ?? domain_id ?? domain_name ?? default_domain ?? '',
      usual: ({ auth_url: authUrl }) => {
        const usual = usualDomain(parseAuthUrl(authUrl ?? ''));
        return 'id' in usual ? usual.id : usual.name;
      },
      write: (text) => {
        const domain = readDomain(text.trim());
        return {
          user_domain_id: 'id' in domain ? domain.id : undefined,
          user_domain_name: 'name' in domain ? domain.name : undefined,
        };
      },
      check: needed,
    },
    password: {
      label: l10n.t('Password'),
      prompt: l10n.t('The password. It goes to Keystone only, and is kept in the secret storage of the editor.'),
      isSecret: true,
      read: (values) => values.password ?? '',
      write: (text) => ({ password: text }),
      check: (text) => (text === '' ? l10n.t('This is needed.') : undefined),
    },
    credential: {
      label: l10n.t('Application credential'),
      prompt: l10n.t('The id of the application credential'),
      read: (values) => values.application_credential_id ?? values.application_credential_name ?? '',
      write: (text) => ({ application_credential_id: text.trim(), application_credential_name: undefined }),
      check: needed,
    },
    credentialSecret: {
      label: l10n.t('Secret'),
      prompt: l10n.t(
        'The secret of the application credential. It goes to Keystone only, and is kept in the secret storage of the editor.',
      ),
      isSecret: true,
      read: (values) => values.application_credential_secret ?? '',
      write: (text) => ({ application_credential_secret: text.trim() }),
      check: needed,
    },
    token: {
      label: l10n.t('Token'),
      prompt: l10n.t(
        'A Keystone token (valid for one hour). It is checked, then kept in the secret storage of the editor.',
      ),
      isSecret: true,
      read: (values) => values.token ?? '',
      write: (text) => ({ token: cleanToken(text) }),
      check: (text) => problem(() => cleanToken(text)),
    },
    project: {
      label: l10n.t('Project'),
      prompt: l10n.t('The id or name of the project. Empty: the one that the user has, or a choice of them.'),
      read: (values) => values.project_id ?? values.project_name ?? '',
      write: (text) => {
        const isId = /^[\da-f]{32}$/i.test(text.trim());
        return {
          project_id: isId ? text.trim().toLowerCase() : undefined,
          project_name: isId || text.trim() === '' ? undefined : text.trim(),
        };
      },
      check: anything,
    },
    region: {
      label: l10n.t('Region'),
      prompt: l10n.t('The region of the activity log. Empty: the only one, or a choice of them.'),
      read: (values) => values.region_name ?? '',
      write: (text) => ({ region_name: text.trim() || undefined }),
      check: anything,
    },
    endpoint: {
      label: l10n.t('Endpoint of the activity log'),
      prompt: l10n.t('The endpoint called "Audit". Empty: the one that the catalog of Keystone names.'),
      read: (values) => values.audit_endpoint_override ?? '',
      write: (text) => ({ audit_endpoint_override: text.trim() === '' ? undefined : parseEndpoint(text).url }),
      check: (text) => (text.trim() === '' ? undefined : problem(() => parseEndpoint(text))),
    },
  };
}

const vendorKeystone = 'https://infra.mail.ru:35357/v3/';
