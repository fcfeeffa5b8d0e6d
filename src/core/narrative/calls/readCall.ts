import { type Json } from '../../json/json';
import { fieldText, outcomeOf, type ActivityEvent } from '../../event/event';
import { readPartialJson } from '../../json/partialJson';

/** A call as far as sentences are made of it. */
export interface Call {
  /** In upper case. */
  readonly method: string;
  /** The path without version and project, decoded. */
  readonly segments: readonly string[];
  /** Without its question mark. */
  readonly query: string;
  readonly request: Side;
  /** Of a failed call nothing: its body tells of the failure. */
  readonly answer: Side;
}

/** What was sent or came back. */
interface Side {
  readonly body: Json | undefined;
  /** Whether `body` is all there is. */
  readonly whole: boolean;
  /** What the body is about: the only member where that is an object (`{"server": {...}}`, extensions such as `os:scheduler_hints` aside), else the body itself. */
  readonly thing: JsonObject;
}

export type JsonObject = { readonly [key: string]: Json };

export function readCall(event: ActivityEvent): Call {
  const [, path = '', query = ''] = /^([^?#]*)\??([^#]*)/s.exec(fieldText(event, 'uri')) ?? [];
  return {
    method: fieldText(event, 'method').toUpperCase(),
    segments: readSegments(path),
    query,
    request: readSide(fieldText(event, 'request_body')),
    answer: readSide(outcomeOf(event) === 'failure' ? '' : fieldText(event, 'response_body')),
  };
}

const version = /^v\d+(?:\.\d+)*$/;
const projectId = /^[\da-f]{32}$/i;

function readSegments(path: string): string[] {
  const segments = path
    .replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '')
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  let start = segments.findIndex((segment) => version.test(segment)) + 1;
  // Cinder, Karbor, Trove: the project stands between the version and the collection.
  if (projectId.test(segments[start] ?? '')) start++;
  return segments.slice(start);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function readSide(text: string): Side {
  const { value: body, whole } = readPartialJson(text);
  return { body, whole, thing: thingOf(body) };
}

function thingOf(body: Json | undefined): JsonObject {
  if (!isObject(body)) return {};
  const [only, ...rest] = Object.keys(body).filter((key) => !key.includes(':'));
  const thing = only === undefined || rest.length > 0 ? undefined : body[only];
  return isObject(thing) ? thing : body;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of names such as `volume.size`; `*` stands for every element of a list, whose values are listed. */
export function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(value)) {
    if (name !== '*') return valueAt((value as readonly Json[])[Number(name)], rest);
    const found = (value as readonly Json[]).slice(0, maxElements).map((element) => valueAt(element, rest));
    return found.filter((element) => element !== undefined);
  }
  return isObject(value) && Object.hasOwn(value, name) ? valueAt(value[name], rest) : undefined;
}

const maxElements = 50;
