import { message } from '../../src/core/base/message';
import type { MenuCommand } from '../../src/protocol/panelActions';
import { bodyPlaceAt, type BodyPlace } from '../editor/bodyEditor';
import type { Link } from '../editor/links';
import type { HostActions } from './hostActions';

export interface MenuActions extends HostActions {
  follow(link: Link): void;
  findEvents(link: Link): void;
  tell(text: ReturnType<typeof message>): void;
}

/**
 * Tells VS Code, whose own menu opens, what it is opened on, and does what was chosen there.
 * @param root the element that all menus are opened in
 */
export function createContextMenu(root: HTMLElement, actions: MenuActions): (command: MenuCommand) => void {
  let place: BodyPlace | undefined;

  root.addEventListener(
    'contextmenu',
    (event) => {
      place = bodyPlaceAt(event);
      const context = contextOf(event, place);
      if (context) root.dataset['vscodeContext'] = JSON.stringify({ ...context, preventDefaultContextMenuItems: true });
      else delete root.dataset['vscodeContext'];
    },
    { capture: true },
  );

  const withLink = (work: (link: Link) => void): void => {
    if (place?.link) work(place.link);
  };
  const copy = (text: string): void => void actions.run('copyText', { text });
  const commands: Readonly<Record<MenuCommand, () => void>> = {
    copySelection: () => {
      const selected = document.getSelection()?.toString() ?? '';
      if (selected !== '') copy(selected);
      else actions.tell(message('Nothing is selected.'));
    },
    copyValue: () => {
      if (place?.value) copy(readValue(place.value.text));
    },
    copyPath: () => {
      if (place?.value) copy(place.value.path);
    },
    showLinkHistory: () => withLink(actions.follow),
    showLinkCode: () => withLink(({ text }) => void actions.run('showCode', { id: text })),
    findLink: () => withLink(actions.findEvents),
  };
  return (command) => commands[command]();
}

/** What the menu's `when` clauses know; undefined where the usual menu of a text field is wanted. */
function contextOf({ target }: Event, place: BodyPlace | undefined): object | undefined {
  if (!(target instanceof Element) || target.closest('input')) return undefined;
  const eventId = target.closest<HTMLElement>('[data-event]')?.dataset['event'];
  if (eventId !== undefined) return { webviewSection: 'event', eventId };
  if (place?.link) return { webviewSection: place.link.kind === 'id' ? 'link' : 'address' };
  return { webviewSection: place?.value ? 'value' : 'text' };
}

/** A string without its quotes and escapes, anything else as written. */
function readValue(raw: string): string {
  if (!raw.startsWith('"')) return raw;
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw;
  }
}
