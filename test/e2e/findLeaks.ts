import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Workbench } from './workbench';

/** All that VS Code keeps in the browser, the state of extensions among it; the secrets there are encrypted. */
const readBrowser = `(async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found = { localStorage: JSON.stringify(localStorage) };
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames)
      found[name + ' ' + store] = JSON.stringify(await done(database.transaction(store).objectStore(store).getAll()));
    database.close();
  }
  return found;
})()`;

/** The places where one of the secrets is written down as it is: in files of the user's data, or in what the browser keeps. */
export async function findLeaks(app: Workbench, secrets: readonly string[]): Promise<string[]> {
  const kept = new Map<string, string>(Object.entries(await app.page.evaluate<Record<string, string>>(readBrowser)));
  // Connections are in the state of the extension.
  assert.ok(
    [...kept.values()].some((text) => text.includes('"connections')),
    [...kept.keys()].join(),
  );
  for (const entry of await readdir(app.userData, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) kept.set(file, (await readFile(file)).toString('latin1'));
  }
  // Within JSON in JSON quotes are escaped twice.
  const plain = (text: string): string => text.replaceAll('\\', '');
  const wanted = secrets.map(plain);
  return [...kept].filter(([, text]) => wanted.some((secret) => plain(text).includes(secret))).map(([place]) => place);
}
