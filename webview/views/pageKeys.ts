import type { PanelEvent } from '../../src/protocol/panel';

interface KeyActions {
  openEvent(key: string): void;
  go(direction: 'back' | 'forward'): void;
}

/**
 * Follows the keys of the page, and the side buttons of the mouse.
 * @param shown the event on the screen
 * @param handleRest whether it was a key of the open tab
 */
export function followKeys(
  actions: KeyActions,
  shown: () => PanelEvent | undefined,
  handleRest: (event: KeyboardEvent) => boolean,
): void {
  for (const type of ['mousedown', 'mouseup'] as const) {
    document.addEventListener(type, (event) => {
      const direction = event.button === 3 ? 'back' : event.button === 4 ? 'forward' : undefined;
      if (!direction) return;
      event.preventDefault();
      if (type === 'mouseup') actions.go(direction);
    });
  }

  function handleKey(event: KeyboardEvent): boolean {
    if (!event.altKey || event.ctrlKey || event.shiftKey || event.metaKey) return handleRest(event);
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return false;
    const target = event.key === 'ArrowLeft' ? shown()?.previous : shown()?.next;
    if (target) actions.openEvent(target.key);
    return true;
  }

  document.addEventListener(
    'keydown',
    (event) => {
      if (!handleKey(event)) return;
      event.preventDefault();
      event.stopPropagation(); // or VS Code would go back, or search the page, as well
    },
    { capture: true },
  );
}
