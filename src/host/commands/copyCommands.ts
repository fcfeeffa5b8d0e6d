import { env } from 'vscode';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { readArgument } from '../../protocol/panelActions';
import { bodyTextOf, curlOf, fieldOf, markdownOf } from './copiedEvent';
import { linkTo } from './eventLinks';
import type { Session } from '../session/session';
import { setting } from '../ui/settings';
import { translate } from '../ui/translate';
import type { EventPicker } from './pickEvent';
import type { CommandTable } from '../ui/register';

/** An event as text to be passed on. */
export function copyCommands(session: Session, picker: EventPicker) {
  const copy = (write: typeof curlOf) => async (args: unknown) => {
    const key = await picker.key(args);
    await env.clipboard.writeText(await write(await session.requireHistory(), key, translate));
  };
  return {
    copyText: async (args) => env.clipboard.writeText(readArgument('copyText', args).text),
    copyField: async (args) => {
      const { eventId, field } = readArgument('copyField', args);
      const history = await session.requireHistory();
      await env.clipboard.writeText(await fieldOf(history, eventId, field, setting('redactSecrets')));
    },
    copyBody: async (args) => {
      const { eventId, part, pretty } = readArgument('copyBody', args);
      const options = { pretty, redact: setting('redactSecrets') };
      await env.clipboard.writeText(await bodyTextOf(await session.requireHistory(), eventId, part, options));
    },
    copyCurl: copy(curlOf),
    copyMarkdown: copy(markdownOf),
    copyLink: async (args) => {
      const { key, time } = await picker.event(args);
      const link = linkTo(key, time, session.connection);
      if (link === undefined) {
        throw new UserError(
          message(
            'No link can be made: the id of the event or the name of its connection has square or angle brackets. A connection can be renamed with "Change Connection".',
          ),
        );
      }
      await env.clipboard.writeText(link);
    },
  } satisfies CommandTable;
}
