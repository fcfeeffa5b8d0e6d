import type { PanelHost, PanelPage } from '../src/protocol/panel';
import { connect } from '../src/protocol/rpc';
import { startPage } from './page';
import { registerControls } from './toolkit';

declare function acquireVsCodeApi(): {
  postMessage(value: unknown): void;
  setState(state: unknown): void;
};

registerControls();
const vscode = acquireVsCodeApi();
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
const page = startPage(remote);
