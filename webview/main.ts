import type { PanelHost, PanelPage, PanelStart } from '../src/protocol/panel';
import { connect } from '../src/protocol/rpc';
import { startPage } from './page';

declare function acquireVsCodeApi(): {
  postMessage(value: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const vscode = acquireVsCodeApi();
// A page that comes back gets the same document: what it begins with may be out of date.
const start = vscode.getState() === undefined ? readStart() : undefined;
// What VS Code gives back with the panel after a reload of the window.
vscode.setState({ panel: document.body.dataset['panel'] });
const handlers: PanelPage = { show: (panel) => page.show(panel), runMenu: (command) => page.runMenu(command) };
const { remote } = connect<PanelHost>(
  {
    post: (value) => vscode.postMessage(value),
    onMessage(listener) {
      const receive = (event: MessageEvent): void => listener(event.data);
      window.addEventListener('message', receive);
      return { dispose: () => window.removeEventListener('message', receive) };
    },
  },
  handlers,
);
const page = startPage(remote, start);

function readStart(): PanelStart | undefined {
  const text = document.getElementById('start')?.textContent ?? '';
  return text === '' ? undefined : (JSON.parse(text) as PanelStart);
}
