import type { LogOutputChannel } from 'vscode';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import { redactShort } from '../../core/redact/redact';

/** The log of the extension in the Output panel, which VS Code writes to a file, too. Whatever reaches it, secrets are masked on the way. */
export class OutputLog extends Owner implements Log {
  readonly #channel: LogOutputChannel;

  constructor(channel: LogOutputChannel) {
    super();
    this.#channel = this.own(channel);
  }

  info(text: string): void {
    this.#channel.info(redactShort(text));
  }

  warn(text: string): void {
    this.#channel.warn(redactShort(text));
  }

  error(text: string, error?: unknown): void {
    const cause = error instanceof Error ? `: ${error.stack ?? error.message}` : '';
    this.#channel.error(redactShort(text + cause));
  }

  show(): void {
    this.#channel.show(true);
  }
}
