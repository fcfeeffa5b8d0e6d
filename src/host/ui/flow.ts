import {
  QuickInputButtons,
  type InputBox,
  type QuickInput,
  type QuickPick,
  type QuickPickItem,
  type QuickPickItemButtonEvent,
} from 'vscode';
import { isCancelled } from '../../core/base/errors';
import { Dismissed } from './prompts';
import { errorText } from './translate';
import { createInputBox, createQuickPick } from './quickInput';
import { showMessage } from './showMessage';

/** One question of a flow. What it learns it puts where the flow's owner reads it. */
export interface Step {
  /** Whether it is to be asked, by what is known so far; always where it is left out. */
  needed?(): boolean;
  ask(flow: Flow): Promise<void>;
}

interface TextQuestion {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** What was wrong with an earlier answer. */
  readonly problem?: string | undefined;
  /** What is wrong with the text, while it is typed. */
  check?(text: string): string | undefined;
  /** Takes the answer; the message of an error it throws is shown and the answer can be mended. It may ask more on the way. */
  accept?(text: string, signal: AbortSignal): Promise<void>;
}

interface ChoiceQuestion<T extends QuickPickItem> {
  readonly placeholder: string;
  /** Asked for again when an answer could not be taken, or one of its buttons was pressed. */
  items(): readonly T[] | Promise<readonly T[]>;
  /** Takes the answer, like that of a {@link TextQuestion}; false: the question stays. */
  accept?(item: T, signal: AbortSignal): Promise<boolean>;
  /** A button of an item was pressed; afterwards the question is asked again. */
  press?(event: QuickPickItemButtonEvent<T>, signal: AbortSignal): Promise<void>;
}

/** Thrown when a person returns to the question before. */
class Back extends Error {
  override readonly name = 'Back';
}

/**
 * Questions one after the other, with their number, a button that leads back, and answers that are checked where they are given.
 * A question that arises while an answer is taken stands above it; going back leads to that answer again.
 */
export class Flow {
  readonly #title: string;
  #shown: QuickInput | undefined;
  #step: { readonly step?: number; readonly totalSteps?: number } = {};
  /** How many questions were asked. */
  #count = 0;

  constructor(title: string) {
    this.#title = title;
  }

  /** Asks the steps that are needed; within a question they stand above it. @throws Dismissed when the person leaves; what a step throws */
  async run(steps: readonly Step[]): Promise<void> {
    const asked: number[] = [];
    for (let index = 0; index < steps.length;) {
      const step = steps[index]!;
      if (step.needed?.() === false) {
        index++;
        continue;
      }
      const after = steps.slice(index + 1).filter((later) => later.needed?.() !== false).length;
      const total = asked.length + 1 + after;
      this.#step = total === 1 ? {} : { step: asked.length + 1, totalSteps: total };
      const count = this.#count;
      try {
        await step.ask(this);
        if (this.#count > count) asked.push(index);
        index++;
      } catch (error) {
        const before = asked.pop();
        if (!(error instanceof Back) || before === undefined) throw error;
        index = before;
      }
    }
  }

  text(question: TextQuestion): Promise<string> {
    const input = createInputBox();
    input.prompt = question.prompt;
    input.value = question.value ?? '';
    input.placeholder = question.placeholder ?? '';
    input.password = question.password ?? false;
    const check = (): boolean => (input.validationMessage = question.check?.(input.value)) === undefined;
    input.onDidChangeValue(check);
    input.validationMessage = question.problem;
    const ask = this.#ask(input, async (signal) => {
      if (!check()) return undefined;
      try {
        await question.accept?.(input.value, signal);
        return input.value;
      } catch (error) {
        if (isCancelled(error) || error instanceof Back) throw error;
        input.validationMessage = errorText(error);
        return undefined;
      }
    });
    return ask.answer;
  }

  async choice<T extends QuickPickItem>(question: ChoiceQuestion<T>): Promise<T> {
    const pick = createQuickPick<T>();
    pick.placeholder = question.placeholder;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    // Once another question was shown, the items have to be given anew.
    const load = async (): Promise<undefined> => {
      pick.items = await question.items();
      pick.value = '';
    };
    const attempt = async (work: () => Promise<boolean> | Promise<void> | undefined): Promise<boolean> => {
      try {
        return (await work()) !== false;
      } catch (error) {
        if (isCancelled(error)) throw error;
        if (!(error instanceof Back)) void showMessage('error', errorText(error));
        return false;
      }
    };
    const ask = this.#ask(pick, async (signal) => {
      const [item] = pick.selectedItems;
      if (item && (await attempt(() => question.accept?.(item, signal)))) return item;
      return load();
    });
    pick.onDidTriggerItemButton((event) =>
      ask.take(async (signal) => {
        await attempt(() => question.press?.(event, signal));
        return load();
      }),
    );
    ask.take(load);
    return ask.answer;
  }

  /** Lets something other than a question have the screen, a file dialog for example. */
  async aside<T>(work: () => Thenable<T>): Promise<T> {
    const shown = this.#shown;
    this.#shown = undefined;
    try {
      return await work();
    } finally {
      this.#show(shown);
    }
  }

  /** Shows a question until `take` gives an answer; `take` runs when one is accepted, or as the result asks it to. */
  #ask<A>(
    input: InputBox | QuickPick<QuickPickItem>,
    take: Take<A>,
  ): { answer: Promise<A>; take: (work: Take<A>) => void } {
    const above = this.#shown;
    const abort = new AbortController();
    Object.assign(input, { title: this.#title, ignoreFocusOut: true, ...this.#step });
    if (above ?? (this.#step.step ?? 1) > 1) input.buttons = [QuickInputButtons.Back];
    this.#count++;
    let run: (work: Take<A>) => void = () => undefined;
    const answer = new Promise<A>((resolve, reject) => {
      const attempt = async (work: Take<A>): Promise<void> => {
        input.busy = true;
        input.enabled = false;
        try {
          const found = await work(abort.signal);
          if (found !== undefined) resolve(found);
        } catch (error) {
          if (!(error instanceof Back)) reject(error instanceof Error ? error : new Error(String(error)));
        }
        input.busy = false;
        input.enabled = true;
      };
      run = (work) => void attempt(work);
      input.onDidAccept(() => run(take));
      input.onDidTriggerButton(() => reject(new Back()));
      input.onDidHide(() => {
        if (this.#shown === input) reject(new Dismissed());
      });
    });
    this.#show(input);
    const closed = answer.finally(() => {
      abort.abort();
      if (this.#shown === input) this.#show(above);
      input.dispose();
    });
    return { answer: closed, take: run };
  }

  #show(input: QuickInput | undefined): void {
    this.#shown = input;
    input?.show();
  }
}

/** Gives an answer; undefined: the question stays. */
type Take<A> = (signal: AbortSignal) => Promise<A | undefined>;
