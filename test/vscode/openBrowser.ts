import { chromium, type BrowserContext } from 'playwright-core';

const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/** Opens Chromium without a window. `profile` keeps its storage, where VS Code has its secrets here. */
export async function openBrowser(executablePath: string, profile: string): Promise<BrowserContext> {
  const root = process.getuid?.() === 0; // Chromium's sandbox refuses to run as root
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...quiet, ...(root ? ['--no-sandbox'] : [])],
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await context.addInitScript(`(${answerMintKey.toString()})()`);
  return context;
}

/**
 * In the page: the workbench encrypts secrets with a key from `mint-key`, which only code-server's own entry point serves.
 * A route of Playwright's would do it too, but switch the browser's cache off, and a reload would load 20 MB anew.
 */
function answerMintKey(): void {
  const page = globalThis as unknown as { top: unknown; fetch: typeof fetch };
  if (page.top !== page) return;
  const ask = page.fetch;
  page.fetch = (...request) => {
    const [resource] = request;
    const address = resource instanceof Request ? resource.url : String(resource);
    if (!address.endsWith('/mint-key')) return ask(...request);
    return Promise.resolve(new Response('0123456789abcdef'.repeat(2)));
  };
}

/** The address of the workbench: `folder` (or a `.code-workspace`) opened, `payload` as VS Code's own tests pass it. */
export function workbenchUrl(
  port: number,
  folder: string | undefined,
  payload: readonly (readonly [string, string])[] = [],
): string {
  const url = new URL(`http://127.0.0.1:${String(port)}/`);
  if (folder === undefined) url.searchParams.set('ew', 'true');
  else url.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', folder);
  url.searchParams.set('payload', JSON.stringify([['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...payload]));
  return url.href;
}
