import { StatusBarAlignment, window } from 'vscode';
import { inertText } from '../../core/base/inertText';
import { Owner } from '../../core/base/lifecycle';

/** An item of the status bar. Its icon is named; no text becomes another, nor a link, whoever wrote it. */
export class StatusItem extends Owner {
  readonly #item;

  constructor(id: string, name: string, command: string) {
    super();
    this.#item = this.own(window.createStatusBarItem(id, StatusBarAlignment.Left, 0));
    this.#item.name = name;
    this.#item.command = command;
  }

  /** `label` is what a screen reader says, `lines` the tooltip. */
  show(icon: string, text: string, label: string, lines: readonly string[]): void {
    this.#item.text = `$(${icon}) ${inertText(text)}`;
    this.#item.accessibilityInformation = { label, role: 'button' };
    this.#item.tooltip = lines.map(inertText).join('\n');
    this.#item.show();
  }

  hide(): void {
    this.#item.hide();
  }
}
