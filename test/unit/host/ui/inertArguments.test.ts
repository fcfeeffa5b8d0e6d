import assert from 'node:assert/strict';
import type * as Markdown from '../../../../src/host/ui/markdown';
import type * as QuickInput from '../../../../src/host/ui/quickInput';
import type * as ShowHint from '../../../../src/host/ui/showHint';
import type * as ShowMessage from '../../../../src/host/ui/showMessage';
import type * as ShowProgress from '../../../../src/host/ui/showProgress';
import type * as StatusItem from '../../../../src/host/ui/statusItem';
import { loadWithEditor } from '../loadWithEditor';

type Ui = typeof Markdown &
  typeof QuickInput &
  typeof ShowHint &
  typeof ShowMessage &
  typeof ShowProgress &
  typeof StatusItem;

/** A stranger's text, told from the others by its name, and what is to reach the editor of it. */
const foreign = (name: string): string => `[${name}](command:x) $(alert) \u202e`;
const inert = (name: string): string => `[${name}] (command:x) $ (alert) \\u{202E}`;

/** The editor as far as texts reach it: an input holds what it is given, and can be asked only as itself, as the real one. */
class Input {
  #shown = 0;
  get isShown(): boolean {
    return this.#shown > 0;
  }
  show(): void {
    this.#shown++;
  }
}
class MarkdownString {
  isTrusted: unknown;
  constructor(readonly value: string) {}
}
const calls: unknown[][] = [];
const inputs: Input[] = [];
const notes =
  (name: string) =>
  (...given: unknown[]): unknown => {
    calls.push([name, ...given]);
    return Promise.resolve(undefined);
  };
const makesInput = (): Input => {
  const input = new Input();
  inputs.push(input);
  return input;
};
const vscode = {
  ProgressLocation: { Notification: 15, Window: 10 },
  StatusBarAlignment: { Left: 1 },
  MarkdownString,
  window: {
    ...Object.fromEntries(
      ['showInformationMessage', 'showWarningMessage', 'showErrorMessage', 'setStatusBarMessage', 'showInputBox'].map(
        (name) => [name, notes(name)],
      ),
    ),
    showQuickPick: async (items: Promise<unknown>, options: unknown) => notes('showQuickPick')(await items, options),
    withProgress: (options: object, work: (progress: object, token: object) => unknown) => {
      calls.push(['withProgress', options]);
      return work({ report: notes('report') }, {});
    },
    createInputBox: makesInput,
    createQuickPick: makesInput,
    createStatusBarItem: makesInput,
  },
};

const files = ['markdown', 'quickInput', 'showHint', 'showMessage', 'showProgress', 'statusItem'];

describe('Words of strangers stay text', () => {
  const door = loadWithEditor(
    files.map((file) => `ui/${file}`),
    vscode,
  ) as Ui;
  const taken = (): unknown[][] => calls.splice(0);
  const lastInput = (): Input => inputs.splice(0).at(-1)!;
  afterEach(() => void calls.splice(0));

  for (const [severity, name] of [
    ['information', 'showInformationMessage'],
    ['warning', 'showWarningMessage'],
    ['error', 'showErrorMessage'],
  ] as const)
    it(`in a message (${severity}) and the detail of a dialog`, async () => {
      await door.showMessage(severity, foreign('text'), ['Yes']);
      await door.showMessage(severity, foreign('text'), [], { detail: foreign('detail') });
      assert.deepEqual(taken(), [
        [name, inert('text'), {}, 'Yes'],
        [name, inert('text'), { modal: true, detail: inert('detail') }],
      ]);
    });

  it('in the title and the steps of a progress', async () => {
    await door.showProgress(foreign('title'), async (_token, report) => report(foreign('step')));
    assert.deepEqual(taken(), [
      ['withProgress', { location: 15, title: inert('title'), cancellable: true }],
      ['report', { message: inert('step') }],
    ]);
  });

  it('in a hint and an item of the status bar', () => {
    door.showHint(foreign('hint'));
    assert.deepEqual(taken(), [['setStatusBarMessage', inert('hint'), 10_000]]);
    const item = new door.StatusItem('id', 'name', 'command');
    item.show('sync', foreign('text'), 'label', [foreign('one'), foreign('two')]);
    const { text, tooltip } = lastInput() as Input & { text: string; tooltip: string };
    assert.deepEqual([text, tooltip], [`$(sync) ${inert('text')}`, `${inert('one')}\n${inert('two')}`]);
  });

  it('in all that a box for a text shows, and in what is wrong with an answer', async () => {
    await door.showInputBox({
      title: foreign('title'),
      prompt: foreign('prompt'),
      placeHolder: foreign('placeHolder'),
      value: foreign('value'),
      validateInput: (text) => (text === '' ? undefined : Promise.resolve(foreign(text))),
    });
    const [[, { validateInput, ...shown }]] = taken() as [[name: string, options: Parameters<Ui['showInputBox']>[0]]];
    assert.deepEqual(shown, {
      title: inert('title'),
      prompt: inert('prompt'),
      placeHolder: inert('placeHolder'),
      value: foreign('value'), // which is edited, not shown
    });
    assert.deepEqual([await validateInput?.('a'), await validateInput?.('')], [inert('a'), undefined]);
  });

  it('in all that a list of choices shows, which keeps what is the program’s', async () => {
    const items = [
      { label: foreign('label'), description: foreign('description'), detail: foreign('detail'), id: foreign('id') },
      { label: 'nova' },
    ];
    const title = foreign('title');
    for (const given of [items, Promise.resolve(items)])
      await door.showQuickPick(given, { title, placeHolder: foreign('placeHolder') });
    const shown = [
      { label: inert('label'), description: inert('description'), detail: inert('detail'), id: foreign('id') },
      { label: 'nova', description: undefined, detail: undefined },
    ];
    const call = ['showQuickPick', shown, { title: inert('title'), placeHolder: inert('placeHolder') }];
    assert.deepEqual(taken(), [call, call]);
  });

  it('in an input that changes while it is shown', () => {
    const names = ['title', 'prompt', 'placeholder', 'validationMessage'];
    for (const make of [door.createInputBox, door.createQuickPick]) {
      const input = make();
      for (const name of names) Object.assign(input, { [name]: foreign(name) });
      Object.assign(input, { items: [{ label: foreign('label') }], value: foreign('value') });
      input.show();
      const real = lastInput();
      assert.ok(real.isShown);
      assert.deepEqual(Object.fromEntries(Object.entries(real)), {
        ...Object.fromEntries(names.map((name) => [name, inert(name)])),
        items: [{ label: inert('label'), description: undefined, detail: undefined }],
        value: foreign('value'),
      });
    }
  });

  it('in Markdown, where our own links run nothing but what they are allowed to', () => {
    const { joinMarkdown, markdown, markdownLink } = door;
    const link = markdownLink(foreign('link'), { command: 'a', argument: { name: foreign('argument') } });
    const text = markdown`**${foreign('text')}** ${link}`;
    assert.equal(
      text.value,
      String.raw`**\[text\](command:x) \$(alert) \\u{202E}** [\[link\](command:x) \$(alert) \\u{202E}]` +
        '(command:a?%5B%7B%22name%22%3A%22%5Bargument%5D%28command%3Ax%29%20%24%28alert%29%20%E2%80%AE%22%7D%5D)',
    );
    assert.deepEqual(
      [joinMarkdown([text]), joinMarkdown([text], ['a'])].map(({ isTrusted }) => isTrusted),
      [undefined, { enabledCommands: ['a'] }],
    );
  });
});
