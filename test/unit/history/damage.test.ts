import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../../src/core/base/errors';
import { type ActivityEvent, fieldText } from '../../../src/core/event/event';
import { format, type Message } from '../../../src/core/base/message';
import { resourceOf } from '../../../src/core/event/resources';
import { Random } from '../../../src/sample/random';
import type { View } from '../../../src/history/history';
import { LocalHistory } from '../../../src/history/localHistory';
import { makeEvents } from '../../server/events';
import { noSignal, pageOf, readAll, storeBytes, Workshop } from './fixture';

const newest = Date.UTC(2026, 10, 20, 12);
const range = { from: newest - 86_400_000, to: newest + 1000 };
const events = makeEvents(1_500, { newest, stepMs: 20_000, bytes: 1_500, recurring: true });
const pageSize = 16_384;

describe('a history whose file is damaged', () => {
  const workshop = new Workshop();
  /** Closed, and as it is while it is open: with its newest pages beside it. */
  let closed: string;
  let open: string;
  const keeper = new Workshop();

  before(async () => {
    const file = keeper.file();
    const history = await keeper.local(file);
    await fill(history);
    open = copy(file, keeper);
    await history.close();
    closed = copy(file, keeper);
  });
  after(() => keeper.cleanUp());
  afterEach(() => workshop.cleanUp());

  /** Stores all events, page after page, each with the times that are complete with it. */
  async function fill(history: LocalHistory): Promise<void> {
    let to = range.to;
    for (let from = 0; from < events.length; from += 100) {
      const page = events.slice(from, from + 100);
      const isLast = from + 100 >= events.length;
      const complete = { from: isLast ? range.from : Date.parse(fieldText(page.at(-1)!, 'timestamp')), to };
      await storeBytes(history, pageOf(page), '', complete);
      to = complete.from;
    }
  }

  function copy(file: string, to = workshop): string {
    const target = to.file();
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(file + suffix)) copyFileSync(file + suffix, target + suffix);
    return target;
  }

  interface Looked {
    readonly history: LocalHistory;
    /** What was said when it was opened, and while it was used. */
    readonly said: string[];
  }

  async function openHistory(file: string): Promise<Looked> {
    const said: string[] = [];
    const history = new LocalHistory({
      onLost: (notice: Message | undefined) => said.push(notice ? format(notice) : ''),
    });
    workshop.keep(history);
    const { notices } = await history.open({ file });
    said.push(...notices.map((notice) => format(notice)));
    return { history, said };
  }

  const asides = (file: string): string[] =>
    readdirSync(path.dirname(file)).filter((name) => /\.damaged-\d+(-\d+)?$/.test(name));

  /** Asks everything; every answer is right, or the damage was said before it was given. */
  async function useAll({ history, said }: Looked): Promise<void> {
    const read = (view: Partial<View>): Promise<ActivityEvent[]> => readAll(history, { view: { range, ...view } });
    const search = { type: 'compare', field: 'user_email', op: '=', value: 'person7@example.test' } as const;
    const questions: (readonly [() => Promise<unknown>, expected: unknown])[] = [
      [() => read({}), events],
      [() => read({ search }), events.filter((event) => event['user_email'] === search.value)],
      [() => history.coverage(''), [range]],
      [() => countOf(history), events.length],
    ];
    for (const index of [3, 700, 1_400]) {
      const event = events[index]!;
      const resourceId = resourceOf(event).all[0]!;
      const life = events.filter((other) => resourceOf(other).all.includes(resourceId));
      questions.push([async () => (await history.event(fieldText(event, 'event_id')))?.record, event]);
      questions.push([() => read({ resourceId }), life]);
    }
    for (const [number, [ask, expected]] of questions.entries()) {
      const answer = await ask().catch((error: unknown) => error);
      // assert's own comparison takes seconds to say how far apart two lists are.
      if (isDeepStrictEqual(answer, expected)) continue;
      if (said.length > 0) return;
      throw new Error(`Question ${number} was answered wrongly, and nothing was said`, { cause: answer });
    }
  }

  async function countOf(history: LocalHistory): Promise<number> {
    const { days } = await history.counts({ range }, 'utc', noSignal);
    return days.reduce((sum, day) => sum + day.events, 0);
  }

  /** It can be filled again, and is whole then. */
  async function assertRebuilds({ history, said }: Looked, file: string): Promise<void> {
    assert.match(
      said.join('\n'),
      /^The stored history was damaged\. It was set aside as history\.sqlite\.damaged-\d+; /,
    );
    assert.equal(asides(file).length, 1);
    await fill(history);
    const before = said.length;
    await useAll({ history, said: [] });
    assert.equal(said.length, before);
    await history.close();
    const again = await openHistory(file);
    assert.deepEqual(again.said, []);
    await useAll(again);
  }

  const damages: readonly (readonly [string, (file: string) => void])[] = [
    ['cut off', (file) => truncateSync(file, 20_000)],
    ['cut off in its middle', (file) => truncateSync(file, 12 * pageSize)],
    ['overwritten with text', (file) => writeFileSync(file, 'no database '.repeat(9_999))],
    ['with another header', (file) => overwrite(file, 0, 100)],
    ['with a wrong schema', (file) => overwrite(file, 100, pageSize - 100)],
    ['with its second half overwritten', (file) => overwrite(file, readFileSync(file).length / 2, 1e9)],
  ];
  for (const [what, damage] of damages) {
    it(`${what} is set aside, begun anew, and said`, async () => {
      const file = copy(closed);
      damage(file);
      const looked = await openHistory(file);
      await useAll(looked);
      await assertRebuilds(looked, file);
    });
  }

  it('that is emptied while others keep files beside it is begun anew, and said', async () => {
    const file = copy(open);
    truncateSync(file, 0);
    const looked = await openHistory(file);
    await assertRebuilds(looked, file);
  });

  it('that is empty is begun without a word', async () => {
    const file = workshop.file();
    writeFileSync(file, '');
    const { history, said } = await openHistory(file);
    assert.deepEqual([said, await readAll(history)], [[], []]);
  });

  it('that is a folder is set aside, too', async () => {
    const file = workshop.file();
    mkdirSync(file);
    writeFileSync(path.join(file, 'something'), 'else');
    const looked = await openHistory(file);
    await assertRebuilds(looked, file);
    assert.deepEqual(readdirSync(path.join(path.dirname(file), asides(file)[0]!)), ['something']);
    await looked.history.close();
  });

  it('whose shared memory is garbage is read all the same', async () => {
    const file = copy(open);
    overwrite(`${file}-shm`, 0, 1e9);
    const looked = await openHistory(file);
    assert.deepEqual(looked.said, []);
    await useAll(looked);
  });

  it('while it is open is set aside when a question meets it, once, and others go on', async () => {
    const file = copy(closed);
    const looked = await openHistory(file);
    overwrite(file, 2 * pageSize, 1e9);
    const results = await Promise.allSettled([
      readAll(looked.history, { view: { range } }),
      looked.history.counts({ range }, 'utc', noSignal),
      looked.history.event(fieldText(events[9]!, 'event_id')),
    ]);
    for (const result of results) {
      if (result.status === 'rejected')
        assert.match(String(result.reason), /^UserError: The stored history was damaged/);
    }
    assert.equal(looked.said.length, 1);
    await assertRebuilds(looked, file);
  });

  it('in two windows is set aside by one and left alone by the other, which goes on with the new one', async () => {
    const file = copy(closed);
    const [one, two] = [await openHistory(file), await openHistory(file)];
    await useAll(two);
    overwrite(file, 2 * pageSize, 1e9);
    await assert.rejects(async () => readAll(one.history, { view: { range } }), /set aside/);
    await storeBytes(one.history, pageOf(events.slice(0, 10)));
    assert.equal((await readAll(two.history, { view: { range } })).length, 10);
    assert.deepEqual(two.said, [''], 'told to load again, without a notice of its own');
    assert.equal(asides(file).length, 1);
    await one.history.close();
    await two.history.close();
  });

  it('again and again is not set aside for ever: it goes on in memory', async () => {
    const file = copy(closed);
    const looked = await openHistory(file);
    for (let time = 0; time < 2; time++) {
      await fill(looked.history);
      // What another window adds makes this one read the file again.
      const other = await openHistory(file);
      await storeBytes(other.history, pageOf([{ event_id: 'another' }]));
      for (const suffix of ['', '-wal']) overwrite(file + suffix, 0, 1e9);
      await assert.rejects(readAll(looked.history, { view: { range } }), /damaged/);
    }
    assert.equal(asides(file).length, 1);
    assert.match(looked.said.at(-1) ?? '', /it was damaged again\. Events are kept in memory/);
    await fill(looked.history);
    await useAll({ history: looked.history, said: [] });
  });

  it('keeps no more than two of those that were set aside', async () => {
    const file = workshop.file();
    for (let time = 0; time < 4; time++) {
      writeFileSync(file, 'no database '.repeat(2_000));
      const { history } = await openHistory(file);
      await history.close();
    }
    assert.equal(asides(file).length, 2);
  });

  // TORTURE=1000 tries more of them.
  const seeds = Number(process.env['TORTURE'] ?? 200);
  it(`on random pages, ${seeds} times, gives right answers or says that it is damaged`, async () => {
    let unharmed = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const random = new Random(`damage ${seed}`);
      const file = copy(seed % 4 ? closed : open);
      const target = seed % 8 ? file : `${file}-wal`;
      const pages = Math.ceil(readFileSync(target).length / pageSize);
      for (let count = random.int(1, 3); count > 0; count--)
        overwrite(target, random.int(0, pages - 1) * pageSize, pageSize, seed);
      try {
        const looked = await openHistory(file);
        const covered = await looked.history.coverage('');
        if (isDeepStrictEqual(covered, [range])) await useAll(looked);
        // What was stored last may be lost without a word as long as it does not count as loaded.
        else if (looked.said.length === 0) await fill(looked.history).then(() => useAll(looked));
        if (looked.said.length === 0) unharmed++;
        else if (seed % 10 === 0) await assertRebuilds(looked, file);
      } catch (error) {
        if (!(error instanceof UserError)) throw new Error(`Seed ${seed}`, { cause: error });
      }
      await workshop.cleanUp();
    }
    assert.ok(unharmed < seeds / 2, `${unharmed} met nothing`);
  });
});

/** Puts random bytes in. */
function overwrite(file: string, from: number, length: number, seed = 1): void {
  const bytes = readFileSync(file);
  const random = new Random(`bytes ${seed}`);
  for (let at = Math.floor(from); at < Math.min(from + length, bytes.length); at++) bytes[at] = random.int(0, 255);
  writeFileSync(file, bytes);
}
