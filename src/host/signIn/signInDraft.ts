import { l10n } from 'vscode';
import {
  identityValues,
  keepKnown,
  kindOf,
  toCredentials,
  type CloudValues,
  type ValueName,
} from '../../core/openstack/cloudValues';
import { parseEndpoint } from '../../core/openstack/endpoint';
import { isVendorHost } from '../../core/openstack/serviceUrl';
import type { Connection } from '../connections/connections';
import type { Flow, Step } from '../ui/flow';
import { signInTo, type SignedIn, type SignInQuestions } from '../connections/signInTo';
import { errorText } from '../ui/translate';
import { problem } from '../ui/prompts';
import { fieldsOf, requiredFields, signInFields, type FieldName } from './signInFields';
import { keepSignIn, type SignInParts } from './signInWith';

/** A sign-in that a person puts together, question by question. */
export class SignInDraft {
  readonly fields = signInFields();
  values: CloudValues = {};
  #signedIn: SignedIn | undefined;
  #name: string | undefined;
  /** What need not be asked for. */
  #given: CloudValues = {};

  constructor(
    private readonly parts: SignInParts,
    given: CloudValues = {},
  ) {
    this.give(given);
  }

  /** Of who signs in to a connection, as far as that is known. */
  static of(parts: SignInParts, { address, auth }: Connection): SignInDraft {
    const known = auth && auth.kind !== 'token' ? identityValues(auth) : keepKnown({ auth_url: auth?.authUrl });
    return new SignInDraft(parts, { ...known, audit_endpoint_override: address });
  }

  get isSignedIn(): boolean {
    return this.#signedIn !== undefined;
  }

  /** Takes over what is not to be asked for. */
  give(values: CloudValues): void {
    this.#given = { ...this.#given, ...values };
    this.set(values);
  }

  /** Takes over values; undefined takes one away. */
  set(values: { readonly [K in ValueName]?: string | undefined }): void {
    const known = Object.entries<string | undefined>({ ...this.values, ...values }).filter(([, value]) => value);
    this.values = Object.fromEntries(known);
    this.#signedIn = undefined;
  }

  /** What is missing to sign in. */
  missing(values = this.values): FieldName[] {
    return requiredFields(values).filter((name) => this.fields[name].read(values) === '');
  }

  /** Asks for one thing. `accept` runs once it is known. */
  ask(flow: Flow, name: FieldName, accept?: (signal: AbortSignal) => Promise<void>): Promise<string> {
    const field = this.fields[name];
    return flow.text({
      prompt: field.prompt,
      password: field.isSecret ?? false,
      placeholder: field.placeholder ?? '',
      value: field.isSecret ? '' : field.read(this.values) || (field.usual?.(this.values) ?? ''),
      check: (text) => field.check(text),
      accept: async (text, signal) => {
        this.set(field.write(text));
        await accept?.(signal);
      },
    });
  }

  /** Asks how to sign in, where that is not known. */
  kindStep(): Step {
    return { needed: () => this.#given.auth_type === undefined, ask: (flow) => this.askKind(flow) };
  }

  async askKind(flow: Flow): Promise<void> {
    const items = [
      { label: l10n.t('User name and password'), auth_type: 'password' },
      { label: l10n.t('Application credential'), auth_type: 'v3applicationcredential' },
    ];
    const { auth_type } = await flow.choice({ placeholder: l10n.t('How do you sign in?'), items: () => items });
    this.set({ auth_type });
  }

  /** All that is missing, one step each; the last one signs in. */
  steps(): Step[] {
    const names = [...new Set(Object.values(fieldsOf).flat())];
    return names.map((name) => ({
      needed: () => this.#asksFor().includes(name),
      ask: async (flow) => {
        const isLast = this.#asksFor().at(-1) === name;
        await this.ask(flow, name, isLast ? (signal) => this.signIn(flow, signal) : undefined);
      },
    }));
  }

  /** What was not given, whatever is answered meanwhile. */
  #asksFor(): readonly FieldName[] {
    const { auth_type: type } = this.values;
    const missing = this.missing(type === undefined ? this.#given : { ...this.#given, auth_type: type });
    return fieldsOf[kindOf(this.values)].filter((name) => missing.includes(name));
  }

  /** @throws what {@link signInTo} throws */
  async signIn(flow: Flow, signal: AbortSignal): Promise<void> {
    const { secret = '', ...credentials } = toCredentials(this.values);
    const questions = questionsIn(flow);
    this.#signedIn = await signInTo({ ...credentials, secret }, undefined, this.parts.keystone, questions, signal);
    if (credentials.identity.kind === 'token') {
      await this.parts.checkToken({ address: this.#signedIn.endpoint }, secret, signal);
    }
  }

  /** Asks for a name where the connection will be a new one. */
  nameStep(suggested = ''): Step {
    const { connections } = this.parts;
    return {
      needed: () => this.#signedIn === undefined || !connections.hasEndpoint(this.#signedIn.endpoint),
      ask: async (flow) => {
        const { endpoint = '', project = '' } = this.#signedIn ?? {};
        this.#name = await askName(flow, this.parts, connections.nameFor('http', endpoint, suggested || project));
      },
    };
  }

  /** Makes a connection of it, or changes the one of that endpoint, and shows it. `name` is for a new one. */
  async keep(name = this.#name): Promise<Connection> {
    if (!this.#signedIn) throw new Error('Not signed in');
    return keepSignIn(this.parts, this.#signedIn, toCredentials(this.values).secret ?? '', name);
  }

  /** Asks for all that is missing, signs in, and shows the connection. */
  async run(flow: Flow, suggested?: string): Promise<Connection> {
    await flow.run([this.kindStep(), ...this.steps(), this.nameStep(suggested)]);
    return this.keep();
  }
}

/** Asks for a name that no connection has; `own` may stay. */
export async function askName(
  flow: Flow,
  { connections }: Pick<SignInParts, 'connections'>,
  own: string,
): Promise<string> {
  const text = await flow.text({
    prompt: l10n.t('A name of your own for this connection'),
    value: own,
    check: (text) => {
      if (text.trim() === '') return l10n.t('The connection needs a name.');
      const isTaken = text.trim() !== own && connections.named(text.trim()) !== undefined;
      return isTaken ? l10n.t('There is a connection of this name.') : undefined;
    },
  });
  return text.trim();
}

/** What arises while signing in, asked above the question that is being answered. */
export function questionsIn(flow: Flow): SignInQuestions {
  return {
    passcode: async (refusal) => {
      const problem = refusal && errorText(refusal);
      const prompt = l10n.t('The passcode of the second factor');
      // A refusal stands in the place of the prompt.
      const text = await flow.text({ prompt, placeholder: prompt, problem });
      return text.replaceAll(/\s/g, '');
    },
    project: async (projects) => {
      const items = projects.map((project) => ({ label: project.name, description: project.id, project }));
      return (await flow.choice({ placeholder: l10n.t('Project'), items: () => items })).project;
    },
    endpoint: async (endpoints) => {
      const items = endpoints.map((endpoint) => ({ label: endpoint.region, description: endpoint.url, endpoint }));
      const placeholder = l10n.t('Activity log of which region?');
      return (await flow.choice({ placeholder, items: () => items })).endpoint;
    },
    noEndpoint: async (authUrl, projectId) => {
      const isVendor = isVendorHost(new URL(authUrl).hostname);
      const text = await flow.text({
        prompt: l10n.t('Keystone names no activity log. Its endpoint, from the project settings page "API Endpoints":'),
        value: isVendor ? `https://mcs.mail.ru/auditlogs/v1/${projectId}` : '',
        check: (text) => problem(() => parseEndpoint(text)),
      });
      return parseEndpoint(text).url;
    },
  };
}
