import { type Json } from '../../json/json';
import { fieldText, outcomeOf, type ActivityEvent, type Outcome } from '../../event/event';
import { message, type Message } from '../../base/message';
import { visibleText } from '../../base/visibleText';
import { join, nameOf, named, shortId, type MatchedCall } from './callArguments';
import { matchCall, matchPath, type CallRow, type CallTable } from './callTable';
import { clusterCalls } from './clusterCalls';
import { computeCalls } from './computeCalls';
import { databaseCalls } from './databaseCalls';
import { identityCalls } from './identityCalls';
import { imageCalls } from './imageCalls';
import { networkCalls } from './networkCalls';
import { networkPolicyCalls } from './networkPolicyCalls';
import { isObject, readCall, type Call } from './readCall';
import { serverCalls } from './serverCalls';
import { serverPartCalls } from './serverPartCalls';
import { shareCalls } from './shareCalls';
import { objects } from './objects';
import { volumeCalls } from './volumeCalls';

/** An event in one sentence. */
export interface Narration {
  readonly sentence: Message;
  /** False where the call is not known: the sentence then only repeats method and path. */
  readonly known: boolean;
}

/**
 * Says in one sentence what was asked for, from method, path and bodies. What failed was "tried", what has no stated outcome
 * "asked". Things go by their name only where a body names them. Secrets must be masked already.
 */
export function narrateCall(event: ActivityEvent): Narration {
  const call = readCall(event);
  const found = narrateKnown(call, fieldText(event, 'source')) ?? narrateAction(call, fieldText(event, 'action'));
  const { done, asked } = found ?? narratePath(event);
  return { sentence: byOutcome(outcomeOf(event), done, asked), known: found !== undefined };
}

/** The same as done, and as something to do. */
interface Sentence {
  readonly done: Message;
  readonly asked: Message;
}

function byOutcome(outcome: Outcome, done: Message, asked: Message): Message {
  if (outcome === 'success') return done;
  if (outcome === 'failure') return message('Tried to {0}', asked);
  return message('Asked to {0} (outcome not stated)', asked);
}

/** Calls before things: a row may say more about a deletion than that something was deleted. */
const tables: readonly CallTable[] = [
  serverCalls,
  serverPartCalls,
  computeCalls,
  networkCalls,
  networkPolicyCalls,
  volumeCalls,
  imageCalls,
  clusterCalls,
  databaseCalls,
  shareCalls,
  identityCalls,
];

/** Other names of services. */
const services: Readonly<Record<string, string>> = {
  iam: 'keystone',
  dbaas: 'trove',
  karboii: 'karbor',
  designate: 'dns',
};

function narrateKnown(call: Call, source: string): Sentence | undefined {
  const service = services[source.toLowerCase()] ?? source.toLowerCase();
  const own = narrateService(call, service);
  if (own) return own;
  // Another service, or none: it counts only if no two services understand the call differently.
  const others = Object.keys(objects)
    .map((name) => narrateService(call, name))
    .filter((told) => told !== undefined);
  return new Set(others.map(({ done }) => JSON.stringify(done))).size === 1 ? others[0] : undefined;
}

function narrateService(call: Call, service: string): Sentence | undefined {
  for (const table of tables) {
    const told = narrateRows(call, table[service] ?? []);
    if (told) return told;
  }
  return narrateObject(call, objects[service] ?? {});
}

function narrateRows(call: Call, rows: readonly CallRow[]): Sentence | undefined {
  let incomplete: Sentence | undefined;
  for (const [pattern, done, asked, ...places] of rows) {
    const matched = matchCall(call, pattern);
    if (!matched) continue;
    const words = places.map((place) => place(matched));
    const args = words.map((word) => word ?? message('(not stated)'));
    const told = { done: { ...done, args }, asked: { ...asked, args } };
    if (!words.includes(undefined)) return told;
    incomplete = told;
  }
  return incomplete;
}

/** Making, changing and deleting read the same whatever the thing. */
function narrateObject(call: Call, collections: Readonly<Record<string, Message>>): Sentence | undefined {
  for (const [collection, thing] of Object.entries(collections)) {
    const holders = matchPath(call.segments, collection);
    if (holders && call.method === 'POST') return narrateMaking(call, thing, holders.map(shortId));
    const ids = holders ? undefined : matchPath(call.segments, `${collection}/*`);
    if (ids) return narrateChange(call, thing, ids);
  }
  return undefined;
}

function narrateMaking(call: Call, thing: Message, holders: readonly string[]): Sentence {
  const several = listed(call.request.body);
  const matched: MatchedCall = { ...call, ids: holders, asked: several?.[0] ?? call.request.thing };
  const madeFirst = several ? listed(call.answer.body)?.[0] : undefined;
  const name = named(madeFirst ? { ...matched, answer: { ...call.answer, thing: madeFirst } } : matched) ?? '';
  const made = { ...thing, args: [name, holders.at(-1) ?? ''] };
  if (!several || several.length < 2) return { done: message('Created {0}', made), asked: message('create {0}', made) };
  if (!call.request.whole)
    return { done: message('Created {0} and more', made), asked: message('create {0} and more', made) };
  const more = several.length - 1;
  return {
    done: message('Created {0} and {1} more', made, more),
    asked: message('create {0} and {1} more', made, more),
  };
}

/** The things in `{"ports": [{...}, ...]}`. */
function listed(body: Json | undefined): { readonly [key: string]: Json }[] | undefined {
  const [only, ...rest] = isObject(body) ? Object.values(body) : [];
  return rest.length === 0 && Array.isArray(only) ? (only as readonly Json[]).filter(isObject) : undefined;
}

function narrateChange(
  { method, request, answer }: Call,
  thing: Message,
  ids: readonly string[],
): Sentence | undefined {
  const own = ids.at(-1) ?? '';
  const isSame = answer.thing['id'] === own || answer.thing['uuid'] === own;
  const name = (isSame ? nameOf(answer.thing) : undefined) ?? shortId(own);
  const it = { ...thing, args: [name, shortId(ids.at(-2) ?? '')] };
  if (method === 'DELETE') return { done: message('Deleted {0}', it), asked: message('delete {0}', it) };
  if (method === 'GET') return { done: message('Read {0}', it), asked: message('read {0}', it) };
  if (method !== 'PUT' && method !== 'PATCH') return undefined;
  const fields = join(changedFields(request.body, request.thing));
  if (fields === undefined) return { done: message('Updated {0}', it), asked: message('update {0}', it) };
  return { done: message('Updated {0}: {1}', it, fields), asked: message('update {0}: {1}', it, fields) };
}

/** The names of what a change is about; those of a JSON patch too. */
function changedFields(body: Json | undefined, thing: { readonly [key: string]: Json }): string[] {
  if (!Array.isArray(body)) return Object.keys(thing);
  const paths = (body as readonly Json[]).map((step) => (isObject(step) ? step['path'] : undefined));
  return paths.filter((path) => typeof path === 'string').map((path) => path.replace(/^\//, ''));
}

/** `create-load-balancer`, `keypair-delete`: the action's name, where the record names no path or no method. */
function narrateAction(call: Call, action: string): Sentence | undefined {
  if (call.method !== '' && call.segments.length > 0) return undefined;
  const [, before, noun = '', after] =
    /^(?:(create|update|delete)-)?([a-z\d-]+?)(?:-(create|update|delete))?$/i.exec(action) ?? [];
  const thing = thingByWord.get(aliases[noun] ?? noun);
  if (!thing || (before === undefined) === (after === undefined)) return undefined;
  const it = { ...thing, args: [nameOf(call.request.thing) ?? nameOf(call.answer.thing) ?? ''] };
  const verb = before ?? after;
  if (verb === 'create') return { done: message('Created {0}', it), asked: message('create {0}', it) };
  if (verb === 'update') return { done: message('Updated {0}', it), asked: message('update {0}', it) };
  return { done: message('Deleted {0}', it), asked: message('delete {0}', it) };
}

const aliases: Readonly<Record<string, string>> = { vm: 'server', keypair: 'key-pair' };

/** "floating-ip" -> floating IP. */
const thingByWord = new Map(
  Object.values(objects)
    .flatMap((collections) => Object.values(collections))
    .filter(({ template }) => !template.includes('{1}'))
    .map((thing) => [thing.template.replace(' {0}', '').toLowerCase().replaceAll(' ', '-'), thing]),
);

function narratePath(event: ActivityEvent): Sentence {
  const method = visibleText(fieldText(event, 'method'), 20);
  const uri = visibleText(fieldText(event, 'uri'), 200);
  const args = [method, uri];
  return { done: { ...message('Called {0} {1}'), args }, asked: { ...message('call {0} {1}'), args } };
}
