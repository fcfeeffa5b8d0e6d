import { gunzipSync } from 'node:zlib';
import { Pool } from 'undici';
import type { StandInProcess } from './startStandIn';

/** The measure of ingest: undici request, gunzip and JSON.parse of every page, keeping nothing. Returns the number of events. */
export async function readAndForget({ endpoint, token }: StandInProcess, from: number, to: number): Promise<number> {
  const { origin, pathname } = new URL(endpoint);
  const pool = new Pool(origin, { connections: 1 });
  let events = 0;
  let marker: string | undefined;
  do {
    const query = new URLSearchParams({ from: iso(from), to: iso(to), limit: '1000', ...(marker && { marker }) });
    const { body } = await pool.request({
      method: 'GET',
      path: `${pathname}/logs?${query.toString()}`,
      headers: { 'x-auth-token': token, 'accept-encoding': 'gzip' },
    });
    const text = gunzipSync(await body.arrayBuffer()).toString();
    const page = JSON.parse(text) as { logs: unknown[]; marker?: string };
    events += page.logs.length;
    ({ marker } = page);
  } while (marker);
  await pool.close();
  return events;
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+/, '');
}
