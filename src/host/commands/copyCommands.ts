import { env } from 'vscode';
import { curlOf, markdownOf } from '../copiedEvent';
import { linkTo } from '../eventLinks';
import type { Session } from '../session';
import { translate } from '../translate';
import type { EventPicker } from './pickEvent';
import type { CommandTable } from './register';

/** An event as text to be passed on. */
export function copyCommands(session: Session, picker: EventPicker): CommandTable {
  const copy = (write: typeof curlOf) => async (args: unknown) => {
    const summary = await picker.event(args);
    await env.clipboard.writeText(await write(await session.requireHistory(), summary, translate));
  };
  return {
    copyCurl: copy(curlOf),
    copyMarkdown: copy(markdownOf),
    copyLink: async (args) => {
      const { key, time } = await picker.event(args);
      await env.clipboard.writeText(linkTo(key, time, session.connection));
    },
  };
}
