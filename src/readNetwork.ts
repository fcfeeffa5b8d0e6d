import { readFile } from 'node:fs/promises';
import type { Network } from './api';
import { UserError } from './core/errors';
import { message } from './core/message';
import { setting } from './host/settings';

/** The way to the servers, as the settings say. */
export async function readNetwork(): Promise<Network> {
  const caFile = setting('caFile');
  if (caFile === '') return {};
  try {
    return { ca: [await readFile(caFile, 'utf8')] };
  } catch (cause) {
    throw new UserError(message('The file of the setting activityLog.caFile cannot be read: {0}', caFile), { cause });
  }
}
