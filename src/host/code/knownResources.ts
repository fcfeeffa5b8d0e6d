import { setTimeout as sleep } from 'node:timers/promises';
import { EventEmitter } from 'vscode';
import type { EventSummary } from '../../core/event/event';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import { isChangeOutside } from '../../core/event/outsideChange';
import type { CodeIndex } from './codeIndex';
import type { StateTimes } from './stateTimes';

/** What states of the workspace say of an id. */
interface KnownResource {
  readonly address: string;
  /** When it was last applied; undefined where that is not known, or Terraform only reads it. */
  readonly appliedAt: number | undefined;
}

/** Longer than this nobody waits for an address: it is shown when it is there. */
const waitMs = 50;
const maxKnown = 20_000;

/** The resources of the workspace by id, for views that cannot wait for the index. */
export class KnownResources extends Owner {
  readonly #changed = this.own(new EventEmitter<void>());
  /** What was learned may be different now. */
  readonly onDidChange = this.#changed.event;
  #known = new Map<string, KnownResource | undefined>();
  #version = 0;

  constructor(
    private readonly code: CodeIndex,
    private readonly times: StateTimes,
    private readonly log: Log,
  ) {
    super();
    this.own(
      code.onDidChange(() => {
        this.#known = new Map();
        this.#version++;
        this.#changed.fire();
      }),
    );
  }

  /** Rises whenever {@link onDidChange} fires. */
  get version(): number {
    return this.#version;
  }

  /** As far as it is learned. */
  of(id: string | undefined): KnownResource | undefined {
    return id === undefined ? undefined : this.#known.get(id);
  }

  /** Looks ids up. Settles when that is done, or takes too long to be waited for. */
  async learn(ids: readonly (string | undefined)[]): Promise<void> {
    const fresh = [...new Set(ids)].filter((id) => id !== undefined && !this.#known.has(id)) as string[];
    if (fresh.length === 0 || this.code.unavailable()) return;
    const asked = this.#find(fresh).catch((error: unknown) => this.log.error('Addresses cannot be looked up', error));
    await Promise.race([asked, sleep(waitMs)]);
  }

  /** Whether the event changed its resource without Terraform after the last apply, as far as its user agent tells. */
  isOutside(event: EventSummary): boolean {
    const appliedAt = this.of(event.resourceId)?.appliedAt;
    return appliedAt !== undefined && event.time !== undefined && event.time > appliedAt && isChangeOutside(event);
  }

  async #find(ids: readonly string[]): Promise<void> {
    const known = this.#known;
    const found = await this.code.find(ids, new AbortController().signal);
    if (known.size + ids.length > maxKnown) known.clear();
    for (const id of ids) {
      const own = found.get(id)?.find(({ naming }) => naming === 'id')?.resource;
      const appliedAt = own?.mode === 'managed' ? this.times.appliedAt(own.source) : undefined;
      known.set(id, own && { address: own.address, appliedAt });
    }
  }
}
