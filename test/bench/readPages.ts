import { gunzipSync } from 'node:zlib';
import { Pool } from 'undici';
import type { ActivityEvent } from '../../src/core/event/event';
import type { Range } from '../../src/core/time/range';
import type { StandIn } from './startStandIn';

/**
 * undici request, gunzip and JSON.parse of every page, and nothing else. Returns the bytes of JSON. With several slices
 * that many parts of the time are read at once, each by its own markers.
 */
export async function readPages(
  { endpoint, token, month }: StandIn,
  slices: number,
  take: (events: readonly ActivityEvent[]) => void,
): Promise<number> {
  const { origin, pathname } = new URL(endpoint);
  const pool = new Pool(origin, { connections: slices });
  let bytes = 0;
  const readSlice = async ({ from, to }: Range): Promise<void> => {
    let marker: string | undefined;
    do {
      const query = new URLSearchParams({ from: iso(from), to: iso(to), limit: '1000', ...(marker && { marker }) });
      const { body } = await pool.request({
        method: 'GET',
        path: `${pathname}/logs?${query.toString()}`,
        headers: { 'x-auth-token': token, 'accept-encoding': 'gzip' },
      });
      const json = gunzipSync(await body.arrayBuffer());
      bytes += json.length;
      const page = JSON.parse(json.toString()) as { logs: ActivityEvent[]; marker?: string };
      take(page.logs);
      ({ marker } = page);
    } while (marker);
  };
  const part = Math.ceil((month.to - month.from) / slices / 1000) * 1000;
  const starts = Array.from({ length: slices }, (_, slice) => month.from + slice * part);
  // Both bounds are inclusive, and times are whole seconds.
  await Promise.all(starts.map((from) => readSlice({ from, to: Math.min(from + part, month.to) - 1000 })));
  await pool.close();
  return bytes;
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+/, '');
}
