import { decodePage } from '../core/decode';
import { RequestError } from '../core/errors';
import { createAuditSource, type AuditOptions } from './auditSource';

export interface Access {
  /** Whether the server refuses a request that names no component. */
  readonly needsSource: boolean;
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
  const to = Math.floor(Date.now() / 1000) * 1000;
  const ask = async (component: string | undefined) => {
    const page = await source.page({ component, from: to - 3_600_000, to, marker: undefined, limit: 1 }, signal);
    decodePage(new TextDecoder().decode(page));
  };
  try {
    let refusal: unknown;
    for (const component of [undefined, ...components]) {
      try {
        await ask(component);
        return { needsSource: component !== undefined };
      } catch (error) {
        if (!(error instanceof RequestError) || error.failure !== 'badRequest') throw error;
        refusal = error;
      }
    }
    throw refusal;
  } finally {
    source.dispose();
  }
}
