import type { Issued, Project } from '../../api';
import { auditEndpoints, servicesOf, type AuditEndpoint, type CatalogEntry } from '../../core/openstack/catalog';
import type { Credentials, Identity } from '../../core/openstack/credentials';
import { parseEndpoint } from '../../core/openstack/endpoint';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import type { CatalogService } from '../../core/openstack/serviceUrl';
import type { AskPasscode, KeystonePort } from './keystonePort';

/** What only a person can say. */
export interface SignInQuestions {
  readonly passcode: AskPasscode;
  project(projects: readonly Project[]): Promise<Project>;
  endpoint(endpoints: readonly AuditEndpoint[]): Promise<AuditEndpoint>;
  /** The endpoint where the catalog names none; without it such a sign-in fails. */
  noEndpoint?(authUrl: string, projectId: string): Promise<string>;
}

/** All that a connection needs after a sign-in. */
export interface SignedIn {
  /** Complete: the project is the one of the token. */
  readonly identity: Identity;
  /** What Keystone told; undefined for a ready token where Keystone is not known. */
  readonly issued: Issued | undefined;
  /** The Audit endpoint. */
  readonly endpoint: string;
  /** A name for the project. */
  readonly project: string;
  readonly catalog: readonly CatalogService[] | undefined;
}

/**
 * Signs in, and finds the Audit endpoint: the one that is named, else `current` where it is of the token's project, else
 * that of the catalog.
 * @throws RequestError, UserError; what `questions` throws; an AbortError when `signal` is aborted
 */
export async function signInTo(
  credentials: Credentials & { readonly secret: string },
  current: string | undefined,
  keystone: KeystonePort,
  questions: SignInQuestions,
  signal: AbortSignal,
): Promise<SignedIn> {
  const { identity, secret } = credentials;
  const named = credentials.endpoint === undefined ? undefined : parseEndpoint(credentials.endpoint);
  const { authUrl } = identity;
  if (authUrl === undefined) {
    if (!named) throw new UserError(message('A token alone does not tell where it is for: name the endpoint, too.'));
    return { identity, issued: undefined, endpoint: named.url, project: named.projectId, catalog: undefined };
  }
  const issued = await obtain({ ...identity, authUrl }, secret, named?.projectId, keystone, questions, signal);
  const { catalog, project } = issued;
  if (!project) throw new UserError(message('The sign-in is for no project: name one.'));
  if (named && named.projectId !== project.id) {
    throw new UserError(
      message(
        'The sign-in is for the project {0}, the endpoint for {1}. Name the same project in both.',
        project.id,
        named.projectId,
      ),
    );
  }
  const same = current !== undefined && parseEndpoint(current).projectId === project.id ? current : undefined;
  const endpoint =
    named?.url ??
    same ??
    (await choose(catalog, identity.region, questions, () => questions.noEndpoint?.(authUrl, project.id)));
  const region = identity.region ?? regionOf(catalog, endpoint);
  return {
    identity:
      identity.kind === 'applicationCredential'
        ? { ...identity, region }
        : { ...identity, region, project: { id: project.id } },
    issued,
    endpoint,
    project: project.name,
    catalog: servicesOf(catalog, region),
  };
}

/** How long a token that is needed no more is given to end. */
const endingMs = 10_000;

/** A token for a project: the one that the identity or the endpoint names, the user's default or only one, or one that is chosen. */
async function obtain(
  identity: Identity & { readonly authUrl: string },
  secret: string,
  projectId: string | undefined,
  keystone: KeystonePort,
  questions: SignInQuestions,
  signal: AbortSignal,
): Promise<Issued> {
  const { authUrl } = identity;
  const issued = await first();
  if (issued.project) return issued;
  try {
    const projects = await keystone.projects(authUrl, issued.token, signal);
    const [only] = projects;
    if (!only) {
      throw new UserError(message('The user has no role in any project. Ask an owner of the project for one.'));
    }
    const { id } = projects.length === 1 ? only : await questions.project(projects);
    return await keystone.rescope(authUrl, issued.token, id, signal);
  } finally {
    // One that a person has handed over stays.
    if (identity.kind !== 'token') await end(issued.token);
  }

  /** The sign-in does not depend on it: a token that Keystone cannot be told of ends by itself. */
  function end(token: string): Promise<void> {
    return keystone.revoke(authUrl, token, AbortSignal.timeout(endingMs)).catch(() => undefined);
  }

  function first(): Promise<Issued> {
    if (identity.kind === 'token') return keystone.describe(authUrl, secret, signal);
    const needsProject = identity.kind === 'password' && !identity.project && projectId !== undefined;
    const scoped = needsProject ? { ...identity, project: { id: projectId } } : identity;
    return keystone.signIn(scoped, secret, questions.passcode, signal);
  }
}

async function choose(
  catalog: readonly CatalogEntry[],
  region: string | undefined,
  questions: SignInQuestions,
  askOther: () => Promise<string> | undefined,
): Promise<string> {
  const endpoints = auditEndpoints(catalog, region);
  const [only] = endpoints;
  if (only) return (endpoints.length === 1 ? only : await questions.endpoint(endpoints)).url;
  const elsewhere = auditEndpoints(catalog, undefined).map((endpoint) => endpoint.region);
  const other = elsewhere.length === 0 ? await askOther() : undefined;
  if (other !== undefined) return other;
  throw new UserError(
    elsewhere.length > 0
      ? message('The region {0} has no activity log; these have: {1}.', region ?? '', elsewhere.join(', '))
      : message(
          'The sign-in succeeded, but the catalog names no endpoint of the activity log ("Audit"). Set up the connection with its endpoint first.',
        ),
  );
}

function regionOf(catalog: readonly CatalogEntry[], endpoint: string): string | undefined {
  const regions = new Set(catalog.filter(({ url }) => url.startsWith(endpoint)).map(({ region }) => region));
  return regions.size === 1 ? [...regions][0] : undefined;
}
