import { keepKnown, valueName, type FoundCloud, type ValueName } from '../core/openstack/cloudValues';
import { message, type Message } from '../core/base/message';
import { readShellScript, type ShellValue, type Unknown, type Variables } from './shellScript';

/**
 * What an openrc file (a shell script, or the vendor's `set` lines for Windows and `$env:` lines for PowerShell) tells of a cloud.
 * Nothing in it is run: what a script asks for, computes or takes from elsewhere is named in the notes and left to be asked for.
 */
export function readOpenrc(text: string): FoundCloud {
  return readVariables(
    /^[ \t]*(?:@?set[ \t]+"?|\$env:)OS_\w+[ \t]*=/im.test(text) ? readWindowsScript(text) : readShellScript(text),
  );
}

/** What variables `OS_*`, of the environment for example, tell of a cloud. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): FoundCloud {
  const entries = Object.entries(environment).map(([name, text = '']) => [name, { text }] as const);
  return readVariables(new Map(entries));
}

function readVariables(variables: Variables): FoundCloud {
  const values: Partial<Record<ValueName, string>> = {};
  const notes: Message[] = [];
  for (const [variable, { text, unknown }] of variables) {
    const name = variable.startsWith('OS_') ? valueName(variable.slice('OS_'.length)) : undefined;
    if (!name) continue;
    if (unknown === undefined) values[name] = text;
    else notes.push(explanations[unknown](variable));
  }
  return { name: '', values: keepKnown(values), notes };
}

const explanations: Readonly<Record<Unknown, (variable: string) => Message>> = {
  prompt: (variable) => message('The file asks for {0} when it is run.', variable),
  command: (variable) => message('The file takes {0} from a command, which is not run.', variable),
  variable: (variable) => message('The file takes {0} from a variable that it does not set.', variable),
  length: (variable) => message('The file makes {0} longer than anything one signs in with.', variable),
};

/** `set NAME=value`, `set "NAME=value"`, `set /p NAME=question`, `$env:NAME = "value"`: one to a line. */
function readWindowsScript(text: string): Variables {
  const variables = new Map<string, ShellValue>();
  const line =
    /^[ \t]*(?:@?set[ \t]+(?<asked>\/p[ \t]+)?(?:"(?<whole>\w+=[^\n]*)"|(?<plain>\w+=[^\n]*))|\$env:(?<name>\w+)[ \t]*=[ \t]*(?<value>[^\n]*))[ \t]*$/gim;
  for (const { groups = {} } of text.replace(/\r\n?/g, '\n').matchAll(line)) {
    const { asked, whole, plain, name, value = '' } = groups;
    if (name !== undefined) {
      variables.set(name.toUpperCase(), powerShellValue(value));
      continue;
    }
    const set = whole ?? plain ?? '';
    const at = set.indexOf('=');
    const content = set.slice(at + 1);
    const unknown = asked ? 'prompt' : /%\w+%/.test(content) ? 'variable' : undefined;
    variables.set(set.slice(0, at).toUpperCase(), { text: content, unknown });
  }
  return variables;
}

function powerShellValue(text: string): ShellValue {
  const [, single, double] = /^(?:'((?:[^']|'')*)'|"((?:[^"`]|`.|"")*)")[ \t]*(?:;[ \t]*)?(?:#.*)?$/.exec(text) ?? [];
  if (single !== undefined) return { text: single.replaceAll("''", "'") };
  if (double === undefined) return { text: '', unknown: /^read-host\b/i.test(text) ? 'prompt' : 'command' };
  if (/(?:^|[^`])\$[\w({]/.test(double)) return { text: '', unknown: 'variable' };
  return { text: double.replaceAll('""', '"').replace(/`(.)/g, '$1') };
}
