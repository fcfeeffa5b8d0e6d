import {
  CodeLens,
  env,
  EventEmitter,
  l10n,
  languages,
  Range,
  window,
  workspace,
  type CancellationToken,
  type CodeLensProvider,
  type TextDocument,
  type TextDocumentChangeEvent,
} from 'vscode';
import { isCancelled } from '../../core/base/errors';
import { inertText } from '../../core/base/inertText';
import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import { relativeTime } from '../../core/base/relativeTime';
import { abortSignal } from '../ui/abortSignal';
import type { CodeIndex } from './codeIndex';
import type { Session } from '../session/session';
import { onDidChangeSetting, setting } from '../ui/settings';
import { translate } from '../ui/translate';
import { countText } from '../ui/countText';
import { activityText } from './activityText';
import { activeBlocks, type ActiveBlock } from './codeActivity';
import { movedLine } from './movedLines';
import type { StateTimes } from './stateTimes';

/** Files of Terraform code. */
const codeSelector = { pattern: '**/*.{tf,tofu,tf.json,tofu.json}' };

/** Milliseconds between two refreshes, and since the last letter was typed: a lens that comes or goes moves the text. */
const interval = 1_000;
const calm = 2_000;
const minute = 60_000;

interface LensParts {
  readonly session: Session;
  readonly code: CodeIndex;
  readonly times: StateTimes;
  readonly log: Log;
}

/** Says above each block of code what happened to its resources. */
export class CodeLenses extends Owner implements CodeLensProvider {
  readonly #changed = this.own(new EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #shown = new Map<string, CodeLens[]>();
  #told: readonly unknown[] = [];
  #typed = -Infinity;
  #fired = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: LensParts) {
    super();
    const { session, code } = parts;
    this.own(languages.registerCodeLensProvider(codeSelector, this));
    this.own(
      session.onDidChange(() => {
        const events = [session.history, session.counts, session.range];
        if (events.every((part, index) => part === this.#told[index])) return;
        this.#told = events;
        this.#refreshSoon();
      }),
    );
    this.own(code.onDidChange(() => this.#refreshSoon()));
    this.own(onDidChangeSetting(['codeLens'], () => this.#refreshSoon()));
    this.own(workspace.onDidChangeTextDocument((change) => this.#follow(change)));
    this.own(workspace.onDidCloseTextDocument(({ uri }) => this.#shown.delete(uri.toString())));
    const clock = setInterval(() => {
      const isSeen = window.visibleTextEditors.some(({ document }) => this.#shown.get(document.uri.toString())?.length);
      if (isSeen) this.#refreshSoon();
    }, minute);
    this.own({
      dispose: () => {
        clearInterval(clock);
        clearTimeout(this.#timer);
      },
    });
  }

  async provideCodeLenses(document: TextDocument, token: CancellationToken): Promise<CodeLens[]> {
    const key = document.uri.toString();
    if (!setting('codeLens', document.uri)) {
      this.#shown.delete(key);
      return [];
    }
    const shown = this.#shown.get(key);
    if (shown && this.#isTyping) return shown;
    try {
      const blocks = await activeBlocks(document, this.parts, abortSignal(token));
      const lenses = blocks.flatMap((block) => lensesOf(block, document));
      // What was typed meanwhile has moved the lines.
      if (this.#isTyping && shown) return this.#shown.get(key) ?? [];
      this.#shown.set(key, lenses);
      return lenses;
    } catch (error) {
      if (!isCancelled(error)) this.parts.log.error('The events of the code cannot be counted', error);
      return shown ?? [];
    }
  }

  get #isTyping(): boolean {
    return performance.now() - this.#typed < calm;
  }

  /** While somebody types, lenses stay with their lines, whatever becomes of the code or its events. */
  #follow({ document, contentChanges }: TextDocumentChangeEvent): void {
    const key = document.uri.toString();
    const shown = this.#shown.get(key);
    if (!shown || contentChanges.length === 0) return;
    this.#typed = performance.now();
    const moved = shown.map(({ range, command }) => {
      const line = Math.min(movedLine(range.start.line, contentChanges), document.lineCount - 1);
      return new CodeLens(new Range(line, 0, line, 0), command);
    });
    this.#shown.set(key, moved);
    this.#refreshSoon();
  }

  #refreshSoon(): void {
    clearTimeout(this.#timer);
    const due = Math.max(this.#fired + interval, this.#typed + calm);
    this.#timer = setTimeout(() => {
      this.#fired = performance.now();
      this.#changed.fire();
    }, due - performance.now());
  }
}

function lensesOf({ block, activity, outside }: ActiveBlock, { uri }: TextDocument): CodeLens[] {
  const range = new Range(block.line, 0, block.line, 0);
  const place = { uri: uri.toString(), line: block.line };
  const words = { count: countText, ago: (time: number) => relativeTime(env.language)(time, Date.now()) };
  const lens = new CodeLens(range, {
    title: inertText(translate(activityText(activity, words))),
    tooltip: l10n.t('Show these events. Which program made a call is a guess from its user agent.'),
    command: 'activityLog.showCodeActivity',
    arguments: [place],
  });
  if (outside === 0) return [lens];
  const changed = new CodeLens(range, {
    title: l10n.t('changed outside Terraform: {0}', countText(outside)),
    tooltip: l10n.t('Changes since the last apply by another program than Terraform: a guess from its user agent.'),
    command: 'activityLog.showOutsideChanges',
    arguments: [place],
  });
  return [lens, changed];
}
