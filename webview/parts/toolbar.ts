import { message, type Message } from '../../src/core/base/message';
import { element } from '../dom';
import type { Language } from '../model/language';
import { createButton } from '../toolkit';
import type { HostActions } from './hostActions';

export interface ToolActions extends HostActions {
  /** Lets people pick the event to compare with. */
  pickBaseline(): void;
  tell(text: Message): void;
}

interface Tool {
  readonly id: string;
  readonly label: Message;
  readonly title?: Message;
  readonly use: (actions: ToolActions, eventId: string) => unknown;
}

const tools: readonly Tool[] = [
  {
    id: 'go-to-code',
    label: message('Go to code'),
    title: message('Open the code that declares this resource'),
    use: (actions, eventId) => actions.run('goToUri', { eventId, target: 'code' }),
  },
  {
    id: 'show-live',
    label: message('Show live'),
    title: message('Fetch the resource as the service returns it now'),
    use: (actions, eventId) => actions.run('goToUri', { eventId, target: 'live' }),
  },
  {
    id: 'open-in-browser',
    label: message('Open in browser'),
    use: (actions, eventId) => actions.run('goToUri', { eventId, target: 'browser' }),
  },
  {
    id: 'compare-with',
    label: message('Compare with…'),
    title: message('Pick another event to compare with'),
    use: (actions) => actions.pickBaseline(),
  },
  {
    id: 'copy-as-curl',
    label: message('Copy as cURL'),
    title: message('Without token and secrets: fill in $OS_TOKEN and $OS_ENDPOINT'),
    use: copy('copyCurl'),
  },
  {
    id: 'copy-as-markdown',
    label: message('Copy as Markdown'),
    title: message('For a ticket: sentence, fields and bodies, without secrets'),
    use: copy('copyMarkdown'),
  },
  {
    id: 'copy-link',
    label: message('Copy link'),
    title: message('An address that opens this event in VS Code'),
    use: copy('copyLink'),
  },
];

/** Copies, and says so: the button itself shows nothing of it. */
function copy(id: 'copyCurl' | 'copyMarkdown' | 'copyLink'): Tool['use'] {
  return async (actions, eventId) => {
    if (await actions.run(id, { eventId })) actions.tell(message('Copied'));
  };
}

/** What can be done with the event that is shown. */
export function createToolbar({ say }: Language, actions: ToolActions, eventId: () => string): HTMLElement {
  const buttons = tools.map(({ id, label, title, use }) =>
    createButton({
      id,
      label: say(label),
      ...(title && { title: say(title) }),
      onClick: () => void use(actions, eventId()),
    }),
  );
  return element('div', { class: 'actions', role: 'group', 'aria-label': say(message('Actions')) }, ...buttons);
}
