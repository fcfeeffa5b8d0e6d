import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { runInThisContext } from 'node:vm';
import * as vscode from 'vscode';

/** What a test sends: the text of a function `(vscode, argument) => result`, and its argument. */
export interface Question {
  readonly code: string;
  readonly argument: unknown;
}

export type Answer =
  { readonly result: unknown } | { readonly error: { readonly name: string; readonly message: string } };

/** The tests' hand inside the extension host: runs what it is sent, on a port it writes to the file `DRIVER_PORT`. */
export function activate(context: vscode.ExtensionContext): void {
  const server = createServer((request, response) => {
    void text(request)
      .then((body) => answer(JSON.parse(body) as Question))
      .then((result) => response.end(JSON.stringify(result)));
  });
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1', () => {
    writeFileSync(process.env['DRIVER_PORT'] ?? '', String((server.address() as AddressInfo).port));
  });
  context.subscriptions.push({ dispose: () => server.close() });
}

async function answer({ code, argument }: Question): Promise<Answer> {
  try {
    const ask = runInThisContext(`(${code})`) as (api: typeof vscode, argument: unknown) => unknown;
    return { result: await ask(vscode, argument) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { error: { name, message } };
  }
}
