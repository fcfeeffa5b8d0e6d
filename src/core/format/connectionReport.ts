import { escapeInline } from '../base/markdownText';
import { message, type Message } from '../base/message';

/** `skipped`: an earlier step failed, or there is nothing to test. */
export type Outcome = 'ok' | 'warning' | 'failed' | 'skipped';

/** What testing one step of a connection found. Holds no secret. */
export interface Finding {
  readonly step: Message;
  readonly outcome: Outcome;
  readonly milliseconds?: number | undefined;
  readonly details: readonly Message[];
}

const outcomes: Readonly<Record<Outcome, Message>> = {
  ok: message('OK'),
  warning: message('Warning'),
  failed: message('Failed'),
  skipped: message('Not tested'),
};

/** The findings as Markdown for a ticket. `facts`, names and values of our own, come first. */
export function writeReport(
  title: Message,
  facts: readonly (readonly [name: Message, value: string])[],
  findings: readonly Finding[],
  translate: (text: Message) => string,
): string {
  // Within words an underscore is no markup.
  const line = (text: Message): string => escapeInline(translate(text)).replace(/(?<=\w)\\_(?=\w)/g, '_');
  const steps = findings.map(({ step, outcome, milliseconds, details }, index) => {
    const time = milliseconds === undefined ? '' : ` (${line(message('{0} ms', milliseconds))})`;
    const list = details.map((detail) => `   - ${line(detail)}\n`).join('');
    return `${index + 1}. **${line(step)}**: ${line(outcomes[outcome])}${time}\n${list}`;
  });
  const beginning = facts.map(([name, value]) => `- ${line(name)}: \`${value.replaceAll('`', '')}\`\n`);
  return `# ${line(title)}\n\n${beginning.join('')}\n${steps.join('')}`;
}

/** Whether nothing failed. */
export function isWorking(findings: readonly Finding[]): boolean {
  return findings.every(({ outcome }) => outcome !== 'failed');
}
