import { readFile } from 'node:fs/promises';
import { workspace } from 'vscode';
import type { Network } from '../api';
import { UserError } from '../core/base/errors';
import { message } from '../core/base/message';
import { setting } from '../host/ui/settings';

/** The way to the servers, as the user's settings and the environment say. */
export async function readNetwork(): Promise<Network> {
  const { readProxyRules, readSystemCa } = await import('../api');
  const bypass = userSetting('noProxy');
  const proxy = {
    support: textSetting('proxySupport') ?? 'override',
    address: textSetting('proxy') ?? '',
    bypass: Array.isArray(bypass) ? bypass.map(String) : [],
    authorization: textSetting('proxyAuthorization'),
  };
  return {
    ca: await readCaFile(),
    systemCa: userSetting('systemCertificates') === false ? [] : await readSystemCa(),
    strictSsl: userSetting('proxyStrictSSL') !== false,
    proxy: readProxyRules(proxy, process.env),
  };
}

async function readCaFile(): Promise<string[]> {
  const file = setting('caFile');
  if (file === '') return [];
  try {
    return [await readFile(file, 'utf8')];
  } catch (cause) {
    throw new UserError(message('The file of the setting activityLog.caFile cannot be read: {0}', file), { cause });
  }
}

/** The editor's own setting `http.<name>`, from the user's settings alone: a workspace has no say in where a token goes. */
function userSetting(name: string): unknown {
  const values = workspace.getConfiguration('http').inspect<unknown>(name);
  return values?.globalValue ?? values?.defaultValue;
}

function textSetting(name: string): string | undefined {
  const value = userSetting(name);
  return typeof value === 'string' ? value : undefined;
}
