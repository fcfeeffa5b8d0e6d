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
  // The server's workbench encrypts secrets with a key from here, which only code-server's own entry point serves.
  await context.route('**/mint-key', (route) => route.fulfill({ body: Buffer.alloc(32, 'key') }));
  return context;
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
