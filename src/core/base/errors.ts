import { format, type Message } from './message';

/** An error fit for a person: its text names the cause and the next step, and holds no secret. */
export class UserError extends Error {
  override readonly name: string = 'UserError';

  constructor(
    readonly text: Message,
    options?: ErrorOptions,
  ) {
    super(format(text), options);
  }
}

/** Why a request failed, as far as callers act on it. */
export type RequestFailure =
  | 'unauthorized' // 401: the token is missing, expired or refused
  | 'forbidden' // 403: a role is missing
  | 'badRequest' // 400: for the loader, a sign that `source` is mandatory or that the marker is refused
  | 'notFound' // 404, 410: wrong endpoint, or an expired marker
  | 'rateLimited' // 429
  | 'server' // 5xx
  | 'network' // DNS, TCP, TLS, reset
  | 'timeout'
  | 'tooLarge' // the answer passes the bound
  | 'redirect' // the server points elsewhere: never followed
  | 'malformed'; // not the JSON that was asked for

/** A request that failed for good (retries are over). */
export class RequestError extends UserError {
  override readonly name = 'RequestError';

  constructor(
    readonly failure: RequestFailure,
    text: Message,
    readonly details: { readonly status?: number; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(text, { cause: details.cause });
  }
}

/** Whether `error` only says that the work was cancelled. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
