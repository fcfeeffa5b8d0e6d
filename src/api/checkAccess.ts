import { decodePage, type Page } from '../core/event/decode';
import { RequestError } from '../core/base/errors';
import type { EventSource } from '../core/event/source';
import { createAuditSource, type AuditOptions } from './auditSource';

export interface Access {
  /** The component that had to be named, where the server refuses a request that names none. */
  readonly component: string | undefined;
  readonly page: Page;
}

/**
 * Asks for one event, to see whether endpoint and token work together.
 * @param components what to name, one after the other, where the server insists on a component
 * @throws RequestError that says why they do not; an AbortError when `signal` is aborted
 */
export async function checkAccess(
  options: AuditOptions,
  components: readonly string[],
  signal: AbortSignal,
): Promise<Access> {
  const source = createAuditSource({ ...options, retry: { attempts: 2, totalMs: 15_000, ...options.retry } });
  try {
    return await askForOne(source, components, signal);
  } finally {
    source.dispose();
  }
}

/** Long enough that there is an event in it, mostly. */
const month = 30 * 86_400_000;

/** The request behind {@link checkAccess}. */
export async function askForOne(
  source: EventSource,
  components: readonly string[],
  signal: AbortSignal,
): Promise<Access> {
  const to = Math.floor(Date.now() / 1000) * 1000;
  let refusal: unknown;
  for (const component of [undefined, ...components]) {
    try {
      const page = await source.page({ component, from: to - month, to, marker: undefined, limit: 1 }, signal);
      return { component, page: decodePage(new TextDecoder().decode(page)) };
    } catch (error) {
      if (!(error instanceof RequestError) || error.failure !== 'badRequest') throw error;
      refusal = error;
    }
  }
  throw refusal;
}
