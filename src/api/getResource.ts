import { checkTokenText, readAddress } from './address';
import { explainStatus } from './explainStatus';
import { HttpClient, type Limits } from './httpClient';
import type { Network } from './network';
import { defaultPolicy, Pause, retry, type RetryPolicy } from './retry';

interface Resource {
  readonly status: number;
  /** '' where the service does not say. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

interface ResourceOptions {
  readonly network?: Network;
  readonly limits?: Partial<Limits>;
  readonly retry?: Partial<RetryPolicy>;
}

/**
 * A resource as its service returns it now. The caller has made sure that `address` may see the token.
 * @throws RequestError (`notFound` where the resource is gone), UserError for an address that no token may go to; an AbortError when `signal` is aborted
 */
export async function getResource(
  address: string,
  token: string,
  options: ResourceOptions,
  signal: AbortSignal,
): Promise<Resource> {
  const { origin, pathname, search } = readAddress(address);
  checkTokenText(token);
  const client = new HttpClient(origin, options.network, options.limits);
  const headers = { accept: 'application/json', 'x-auth-token': token };
  const attempt = async (): Promise<Resource> => {
    const answer = await client.exchange({ method: 'GET', path: pathname + search, headers }, signal);
    const { status, body } = answer;
    if (status < 200 || status > 299) throw explainStatus(answer, client.host, 'resource', [token]);
    return { status, contentType: answer.headers['content-type'] ?? '', body };
  };
  try {
    return await retry(attempt, { ...defaultPolicy, attempts: 3, ...options.retry }, new Pause(), signal);
  } finally {
    client.dispose();
  }
}
