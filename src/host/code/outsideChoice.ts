import { Owner } from '../../core/lifecycle';
import type { Log } from '../../core/log';
import type { StateResource } from '../../protocol/terraform';
import type { CodeChoice } from '../choices';
import type { CodeIndex } from '../codeIndex';
import type { Session } from '../session';
import { blocksOf } from './resourceGroups';
import type { StateTimes } from './stateTimes';

/** What was changed outside Terraform, of those resources that are `wanted`, by the blocks that declare them. */
export async function outsideChoice(
  name: string,
  code: CodeIndex,
  times: StateTimes,
  wanted: (resource: StateResource) => boolean,
): Promise<CodeChoice> {
  const resources = (await code.resources(new AbortController().signal)).filter(wanted);
  const blocks = blocksOf(resources, (source) => times.appliedAt(source));
  return {
    name,
    groups: blocks.flatMap(({ groups }) => groups),
    blocks,
    renew: () => outsideChoice(name, code, times, wanted),
  };
}

/** Keeps what the view shows of code up to date with the code: an apply takes over what was changed before it. */
export class CodeChoiceRenewal extends Owner {
  constructor(session: Session, code: CodeIndex, log: Log) {
    super();
    const renew = async (): Promise<void> => {
      const { code: choice } = session.choice;
      if (!choice?.renew) return;
      const fresh = await choice.renew();
      if (session.choice.code === choice) await session.setSubject({ code: fresh });
    };
    this.own(
      code.onDidChange(() => {
        renew().catch((error: unknown) => log.error('The events of the code cannot be looked up again', error));
      }),
    );
  }
}
