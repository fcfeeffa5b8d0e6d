// A process of some time zone that loads an event for each quarter of an hour of four days around a day, the argument, and
// prints how many its counts and its list have on that day, and how many listed ones Intl puts on another.
import { dayRange } from '../../../../src/core/time/days';
import { LocalHistory } from '../../../../src/history/localHistory';
import { Loader } from '../../../../src/history/load/loader';
import { always, noSignal, readAll, record, silentLog } from '../fixture';
import { MadeSource } from '../madeSource';

const quarter = 900_000;

async function main(day: string): Promise<void> {
  const start = Date.parse(day) - 36 * 4 * quarter;
  const events = Array.from({ length: 96 * 4 }, (_, n) =>
    record(n, { timestamp: new Date(start + (96 * 4 - 1 - n) * quarter).toISOString().replace('.000', '') }),
  );
  const history = new LocalHistory();
  await history.open({ file: ':memory:' });
  const loader = new Loader({
    source: new MadeSource({ events }),
    history,
    components: [],
    pageSize: 50,
    concurrency: 4,
    now: () => start + 60 * 96 * quarter,
    waitForToken: () => Promise.reject(new Error('The token was refused')),
    log: silentLog,
  });
  await loader.load({ from: start, to: start + 5 * 96 * quarter }, () => undefined, noSignal);
  const { days } = await history.counts({ range: always }, 'local', noSignal);
  const listed = await readAll(history, { within: dayRange(day, 'local') });
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short' });
  const beside = listed.filter((event) => format.format(new Date(event['timestamp'] as string)) !== day);
  console.log(
    JSON.stringify({
      counted: days.find((count) => count.day === day)?.events,
      listed: listed.length,
      beside: beside.length,
      all: days.reduce((sum, count) => sum + count.events, 0),
    }),
  );
  await history.close();
}

void main(process.argv[2] ?? '');
