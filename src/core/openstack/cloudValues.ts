import { parseAuthUrl, usualDomain } from './authUrl';
import type { Credentials, Identity, Named } from './credentials';
import { UserError } from '../base/errors';
import { message, type Message } from '../base/message';

/** The names that count of those under which OpenStack's tools know what signing in takes (`OS_USERNAME` -> `username`). */
const valueNames = [
  'auth_type',
  'auth_url',
  'username',
  'user_id',
  'user_domain_name',
  'user_domain_id',
  'password',
  'application_credential_id',
  'application_credential_name',
  'application_credential_secret',
  'token',
  'project_id',
  'project_name',
  'project_domain_name',
  'project_domain_id',
  'domain_name',
  'domain_id',
  'default_domain',
  'region_name',
  'audit_endpoint_override',
  'cacert',
] as const;
export type ValueName = (typeof valueNames)[number];

const otherNames: Readonly<Record<string, ValueName>> = {
  user_name: 'username',
  tenant_id: 'project_id',
  tenant_name: 'project_name',
  auth_token: 'token',
  access_token: 'token',
  region: 'region_name',
  default_domain_name: 'default_domain',
  default_domain_id: 'default_domain',
  cacert_file: 'cacert',
};

/** What is known of one cloud. */
export type CloudValues = Readonly<Partial<Record<ValueName, string>>>;

/** A cloud that a file, the environment or a block of code tells of. It may hold secrets: it is never stored. */
export interface FoundCloud {
  /** As its place calls it; '' where it has no name of its own. */
  readonly name: string;
  readonly values: CloudValues;
  /** What the place says beyond that, and what of it does not count. */
  readonly notes: readonly Message[];
}

/** The standard name of a value, whatever tool's name it has. */
export function valueName(name: string): ValueName | undefined {
  const lower = name.toLowerCase();
  if (Object.hasOwn(otherNames, lower)) return otherNames[lower];
  return valueNames.find((known) => known === lower);
}

/** Whether a value is only a stand-in for what the reader is to fill in. */
export function isPlaceholder(value: string): boolean {
  return /^(?:<[^>]*>|\$?\{\{?[^}]*\}?\}|\*+|\.{3}|…|YOUR[-_ ]?\w*|(?:USER_?NAME|PASSWORD|PROJECT_ID|CHANGE_?ME))$/.test(
    value,
  );
}

/** Whether what has this name lets its holder in. */
export function isSecretValue(name: string): boolean {
  return /password|secret|^token$/.test(name);
}

/** Leaves out what is empty or a placeholder. White space around a secret may belong to it. */
export function keepKnown(values: Readonly<Partial<Record<ValueName, string | undefined>>>): CloudValues {
  const known: Partial<Record<ValueName, string>> = {};
  for (const name of valueNames) {
    const value = /password|secret/.test(name) ? values[name] : values[name]?.trim();
    if (value && !isPlaceholder(value)) known[name] = value;
  }
  return known;
}

/**
 * Completes what code or a file says with what another place says, unless it names addresses of its own: a secret is for those that
 * stand beside it, and no other place may redirect it, nor the token that it gives.
 */
export function completeWith(values: CloudValues, other: CloudValues): CloudValues {
  const own = originOf(values.auth_url);
  const elsewhere = values.auth_url !== undefined && (own === undefined || own !== originOf(other.auth_url));
  return elsewhere || values.audit_endpoint_override !== undefined ? values : { ...other, ...values };
}

function originOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).origin : undefined;
}

/** @throws UserError naming what is missing or cannot be used */
export function toCredentials(values: CloudValues): Credentials {
  const kind = kindOf(values);
  const endpoint = values.audit_endpoint_override;
  const region = values.region_name;
  const project = known({
    id: values.project_id,
    name: values.project_name,
    domain: domain(values.project_domain_id, values.project_domain_name, values),
  });
  if (kind === 'token') {
    const place = values.auth_url === undefined ? {} : { authUrl: parseAuthUrl(values.auth_url) };
    return { identity: { kind, ...place, region, project }, secret: values.token, endpoint };
  }
  if (values.auth_url === undefined) {
    throw new UserError(message('The address for signing in (OS_AUTH_URL) is missing.'));
  }
  const authUrl = parseAuthUrl(values.auth_url);
  const user = known({
    id: values.user_id,
    name: values.username,
    domain: domain(values.user_domain_id, values.user_domain_name, values) ?? usualDomain(authUrl),
  });
  if (kind === 'applicationCredential') {
    const { application_credential_id: id, application_credential_name: name } = values;
    const identity: Identity = { kind, authUrl, region, id, ...(id === undefined && { name, user }) };
    return { identity, secret: values.application_credential_secret, endpoint };
  }
  if (!user) throw new UserError(message('The name of the user (OS_USERNAME) is missing.'));
  return { identity: { kind, authUrl, region, user, project }, secret: values.password, endpoint };
}

/** The values that give this identity again. */
export function identityValues(identity: Identity): CloudValues {
  const { authUrl, kind, region } = identity;
  const user = kind === 'token' ? undefined : identity.user;
  const project = kind === 'applicationCredential' ? undefined : identity.project;
  return keepKnown({
    auth_type: kind === 'applicationCredential' ? 'v3applicationcredential' : kind,
    auth_url: authUrl,
    region_name: region,
    user_id: user?.id,
    username: user?.name,
    user_domain_id: user?.domain?.id,
    user_domain_name: user?.domain?.name,
    project_id: project?.id,
    project_name: project?.name,
    project_domain_id: project?.domain?.id,
    project_domain_name: project?.domain?.name,
    ...(kind === 'applicationCredential' && {
      application_credential_id: identity.id,
      application_credential_name: identity.name,
    }),
  });
}

/** How these values sign in. @throws UserError where it is not supported */
export function kindOf(values: CloudValues): Identity['kind'] {
  const type = values.auth_type?.toLowerCase().replace(/^v[23]?/, '');
  if (type === 'applicationcredential') return 'applicationCredential';
  if (type === 'token') return 'token';
  if (type !== undefined && !['password', 'totp', 'multifactor'].includes(type)) {
    throw new UserError(
      message(
        'The way of signing in "{0}" is not supported: only a password, an application credential or a token is.',
        values.auth_type?.slice(0, 60) ?? '',
      ),
    );
  }
  if (type !== undefined) return 'password';
  if (values.application_credential_id ?? values.application_credential_name) return 'applicationCredential';
  return values.token !== undefined && values.password === undefined ? 'token' : 'password';
}

/** What is known by its id needs no domain. */
function known({ id, name, domain }: Named): Named | undefined {
  if (id !== undefined) return { id };
  return name === undefined ? undefined : { name, domain };
}

function domain(id: string | undefined, name: string | undefined, values: CloudValues): Named['domain'] {
  if (id !== undefined) return { id };
  if (name !== undefined) return { name };
  if (values.domain_id !== undefined) return { id: values.domain_id };
  if (values.domain_name !== undefined) return { name: values.domain_name };
  return values.default_domain === undefined ? undefined : { id: values.default_domain };
}
