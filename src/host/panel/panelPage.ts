import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { env, l10n, Uri, type Webview, type WebviewOptions } from 'vscode';
import type { PanelStart } from '../../protocol/panel';

/** What the document of a panel is made of. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
}

export async function readPageParts(extensionUri: Uri): Promise<PageParts> {
  const read = (file: string): Promise<string> => readFile(Uri.joinPath(extensionUri, 'dist', file).fsPath, 'utf8');
  const [script, style] = await Promise.all(['page.js', 'page.css'].map(read));
  return { script: script ?? '', style: style ?? '' };
}

export function pageOptions(extensionUri: Uri): WebviewOptions {
  const localResourceRoots = ['dist', 'media'].map((folder) => Uri.joinPath(extensionUri, folder));
  return { enableScripts: true, localResourceRoots };
}

/**
 * The document of a panel. All that the first picture needs stands in it; the rest of the script is loaded after that. `id`
 * comes back when the panel is restored after a reload. `start` is what the first page begins with, without asking.
 */
export function panelPage(
  webview: Webview,
  extensionUri: Uri,
  { script, style }: PageParts,
  id: string,
  start: PanelStart | undefined,
): string {
  const nonce = randomBytes(18).toString('base64');
  const tabs = webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', 'tabs.js')).toString();
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
<link rel="modulepreload" href="${tabs}" nonce="${nonce}">
<style nonce="${nonce}">${style}</style>
</head>
<body data-panel="${id}" data-tabs="${tabs}">
<script type="application/json" id="start">${start ? JSON.stringify(start).replaceAll('<', '\\u003c') : ''}</script>
<script nonce="${nonce}">${script}</script></body>
</html>`;
}
