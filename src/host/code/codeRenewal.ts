import { isCancelled, UserError } from '../../core/base/errors';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import { message, type Message } from '../../core/base/message';
import { unreadCode, type CodeChoice } from '../session/choices';
import type { CodeIndex } from './codeIndex';
import type { Session } from '../session/session';
import { chooseCode, requireResources } from './codeChoice';
import type { StateTimes } from './stateTimes';

interface Parts {
  readonly session: Session;
  readonly code: CodeIndex;
  readonly times: StateTimes;
  readonly log: Log;
  /** Tells a person something that did not stop the work. */
  say(notice: Message): void;
}

/**
 * Looks up the resources of the code that is looked at: after a reload of the window, and whenever the code or its states changed, for
 * an apply takes over what was changed before it.
 */
export class CodeRenewal extends Owner {
  #asked: CodeChoice | undefined;

  constructor(private readonly parts: Parts) {
    super();
    const { session, code } = parts;
    const look = (): void => {
      const choice = unreadCode(session.choice);
      if (choice && choice !== this.#asked && session.history && !session.opening)
        this.#run(() => this.#restore((this.#asked = choice)));
    };
    this.own(session.onDidChange(look));
    this.own(code.onDidChange(() => this.#run(() => this.#renew())));
    look();
  }

  #run(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (!isCancelled(error)) this.parts.log.error('The events of the code cannot be looked up again', error);
    });
  }

  /** Where the code is not there any more, all events are shown, and why. */
  async #restore(choice: CodeChoice): Promise<void> {
    const { session, code, times, say } = this.parts;
    try {
      const fresh = await chooseCode(choice.subject, code, times);
      await requireResources(fresh, code);
      if (session.choice.code === choice) await session.setSubject({ code: fresh });
    } catch (error) {
      if (session.choice.code !== choice) return;
      await session.setSubject({});
      const reason = error instanceof UserError ? error.text : String(error);
      say(message('Only events of {0} were shown, now all are: {1}', choice.name, reason));
      if (!(error instanceof UserError)) throw error;
    } finally {
      // Another connection may have come between.
      this.#asked = undefined;
    }
  }

  async #renew(): Promise<void> {
    const { session, code, times } = this.parts;
    const { code: choice } = session.choice;
    if (!choice?.groups) return;
    const fresh = await chooseCode(choice.subject, code, times);
    const isSame = JSON.stringify([choice.groups, choice.blocks]) === JSON.stringify([fresh.groups, fresh.blocks]);
    if (!isSame && session.choice.code === choice) await session.setSubject({ code: fresh });
  }
}
