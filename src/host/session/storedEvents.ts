import { env, EventEmitter, l10n } from 'vscode';
import { formatMoment } from '../../core/time/days';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import type { Session } from './session';
import { setting } from '../ui/settings';
import { countText } from '../ui/countText';

const always = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

/** The history is asked when it has been left in peace for so long. */
const delay = 1_000;

/** How much is stored of the active connection, counted when nothing else is going on. */
export class StoredEvents extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  #text: string | undefined;
  #asked: readonly unknown[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly session: Session,
    private readonly log: Log,
  ) {
    super();
    this.own(session.onDidLoad(() => this.#countSoon()));
    this.own(session.onDidChange(() => this.#look()));
    this.own({ dispose: () => clearTimeout(this.#timer) });
  }

  /** Events, times and size in words; undefined until they are known. */
  get text(): string | undefined {
    return this.#text;
  }

  #look(): void {
    const { history, load } = this.session;
    if (history === this.#asked[0] && load.cleared === this.#asked[1]) return;
    this.#asked = [history, load.cleared];
    this.#text = undefined;
    this.#changed.fire();
    this.#countSoon();
  }

  #countSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#count().catch((error: unknown) => this.log.info(`The stored events cannot be counted: ${String(error)}`));
    }, delay);
  }

  async #count(): Promise<void> {
    const { connection, history, inMemory, load } = this.session;
    // When the load has ended, this is done again.
    if (!history || load.running) return;
    const { days, oldest, newest } = await history.counts({ range: always }, 'utc', new AbortController().signal);
    const bytes = sizeText(await history.size());
    if (history !== this.session.history) return;
    const events = days.reduce((sum, day) => sum + day.events, 0);
    const times = [oldest, newest].map((time) => (time === undefined ? '–' : formatMoment(time, setting('timeZone'))));
    const stored = l10n.t('Stored events: {0}, {1} – {2}', countText(events), ...times);
    const where = !inMemory
      ? l10n.t('{0} on disk', bytes)
      : connection?.kind === 'http'
        ? l10n.t('{0} in memory only: gone when the window closes', bytes)
        : l10n.t('{0} in memory', bytes);
    this.#text = events === 0 ? l10n.t('No events are stored') : `${stored}, ${where}`;
    this.#changed.fire();
  }
}

/** Bytes in the units and digits of the editor's language. */
export function sizeText(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return new Intl.NumberFormat(env.language, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    maximumSignificantDigits: 3,
  }).format(bytes / 1000 ** power);
}
