// The one place that knows the (no longer maintained) toolkit: to replace it, rewrite this file.
import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
} from '@vscode/webview-ui-toolkit';
import { element } from './dom';

/** Defines the controls, in a page that is loaded; before it they are unknown elements. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeBadge(),
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodePanels(),
    vsCodePanelTab(),
    vsCodePanelView(),
  );
  // The toolkit takes the theme's colours, and follows it, from the load of its page on, which has been.
  window.dispatchEvent(new Event('load'));
}

interface ButtonSpec {
  readonly id: string;
  readonly label: string;
  readonly title?: string | undefined;
  /** Shown instead of the label. */
  readonly icon?: SVGElement;
  readonly onClick: () => void;
}

export function createButton({ id, label, title, icon, onClick }: ButtonSpec): HTMLElement {
  const button = element(
    'vscode-button',
    {
      id,
      appearance: icon ? 'icon' : 'secondary',
      title: title ?? (icon ? label : undefined),
      'aria-label': icon ? label : undefined,
    },
    icon ?? label,
  );
  button.addEventListener('click', onClick);
  return button;
}

interface CheckboxControl {
  readonly element: HTMLElement;
  set(checked: boolean): void;
}

export function createCheckbox(id: string, label: string, onChange: (checked: boolean) => void): CheckboxControl {
  const checkbox = element('vscode-checkbox', { id }, label) as HTMLElement & { checked: boolean };
  // Setting `checked` emits the event too: only what the user does counts.
  let known = checkbox.checked;
  checkbox.addEventListener('change', () => {
    if (checkbox.checked === known) return;
    known = checkbox.checked;
    onChange(known);
  });
  return {
    element: checkbox,
    set(checked) {
      known = checked;
      checkbox.checked = checked;
    },
  };
}

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

interface DropdownControl {
  readonly element: HTMLElement;
  set(choices: readonly Choice[], value: string): void;
}

export function createDropdown(
  attributes: Readonly<Record<string, string>>,
  onChange: (value: string) => void,
): DropdownControl {
  const dropdown = element('vscode-dropdown', attributes) as HTMLElement & { value: string };
  let known = '';
  dropdown.addEventListener('change', () => {
    if (dropdown.value === known) return;
    known = dropdown.value;
    onChange(known);
  });
  let shown = '';
  return {
    element: dropdown,
    set(choices, value) {
      known = value;
      const wanted = JSON.stringify(choices);
      if (wanted !== shown) {
        shown = wanted;
        dropdown.replaceChildren(
          ...choices.map((choice) =>
            element(
              'vscode-option',
              { value: choice.value, selected: choice.value === value, disabled: choice.disabled },
              choice.label,
            ),
          ),
        );
      }
      dropdown.value = value;
    },
  };
}

interface TabsControl {
  readonly element: HTMLElement;
  /** Where the content of each tab goes. */
  readonly views: ReadonlyMap<string, HTMLElement>;
  select(id: string): void;
  setBadge(id: string, text: string): void;
}

export function createTabs(
  label: string,
  tabs: readonly { readonly id: string; readonly label: string }[],
  onSelect: (id: string) => void,
): TabsControl {
  const badges = new Map(tabs.map(({ id }) => [id, element('vscode-badge', { hidden: true })]));
  const heads = tabs.map(({ id, label }) =>
    element('vscode-panel-tab', { id: `tab-${id}`, 'data-testid': `tab-${id}` }, label, badges.get(id)),
  );
  const views = new Map(tabs.map(({ id }) => [id, element('vscode-panel-view', { id: `view-${id}` })]));
  const panels = element('vscode-panels', { 'aria-label': label }, ...heads, ...views.values()) as HTMLElement & {
    activeid: string;
    activeindicator: boolean;
  };
  panels.activeindicator = false;
  panels.addEventListener('change', (event) => {
    if (event.target === panels) onSelect(panels.activeid.slice('tab-'.length));
  });
  return {
    element: panels,
    views,
    select(id) {
      panels.activeid = `tab-${id}`;
    },
    setBadge(id, text) {
      const badge = badges.get(id);
      if (!badge) return;
      badge.textContent = text;
      badge.hidden = text === '';
    },
  };
}
