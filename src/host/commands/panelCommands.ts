import { menuCommands } from '../../protocol/panelActions';
import type { EventPanels } from '../panel/eventPanels';
import type { OpenPanel } from '../panel/openPanel';
import { argument, flagArgument } from '../ui/arguments';
import type { EventPicker } from './pickEvent';
import type { CommandTable } from '../ui/register';

/** Two clicks on a row within this time are a double click: VS Code runs the row's command for each. */
const doubleClickMs = 500;

/** Commands that open, keep and steer event panels. */
export function panelCommands(panels: EventPanels, picker: EventPicker): CommandTable {
  let clicked = { key: '', at: 0 };

  function isDoubleClick(key: string): boolean {
    const before = clicked;
    clicked = { key, at: Date.now() };
    return before.key === key && clicked.at - before.at < doubleClickMs;
  }

  /** In the panel with the focus; nothing where there is none. */
  async function inActive(work: (panel: OpenPanel) => unknown): Promise<void> {
    if (panels.active) await work(panels.active);
  }

  return {
    openEvent: async (args) => {
      const key = await picker.key(args);
      const pinned = flagArgument(args, 'pinned') ?? (argument(args, 'row') === true && isDoubleClick(key));
      await panels.show(key, { pinned });
    },
    openToSide: async (args) => panels.show(await picker.key(args), { aside: true }),
    keepOpen: () => inActive((panel) => panel.pin()),
    goBack: () => inActive((panel) => panel.go('back')),
    goForward: () => inActive((panel) => panel.go('forward')),
    ...Object.fromEntries(
      menuCommands.map((command) => [command, () => inActive(({ page }) => page.runMenu(command))]),
    ),
  };
}
