import { randomBytes } from 'node:crypto';
import { env, l10n, Uri, type Webview } from 'vscode';
import type { PanelStart } from '../protocol/panel';

/**
 * Sets up the webview and returns its document. `id` comes back when the panel is restored after a reload. `start` is what the
 * first page begins with, without asking.
 */
export function panelPage(webview: Webview, extensionUri: Uri, id: string, start: PanelStart | undefined): string {
  const roots = ['dist', 'media'].map((folder) => Uri.joinPath(extensionUri, folder));
  webview.options = { enableScripts: true, localResourceRoots: roots };
  const nonce = randomBytes(18).toString('base64');
  const address = (file: string): string => webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', file)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}' ${webview.cspSource}`,
    `worker-src blob:`, // made by the page itself, for long comparisons
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource}`,
  ].join('; ');
  return `<!doctype html>
<html lang="${env.language.replace(/[^\w-]/g, '')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${l10n.t('Event')}</title>
<link rel="stylesheet" href="${address('page.css')}">
</head>
<body data-panel="${id}">
<script type="application/json" id="start">${start ? JSON.stringify(start).replaceAll('<', '\\u003c') : ''}</script>
<script nonce="${nonce}" src="${address('page.js')}"></script></body>
</html>`;
}
