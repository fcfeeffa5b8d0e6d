import { inertText } from '../base/inertText';
import { type Message } from '../base/message';
import { redactShort } from './redact';
import { UserError } from '../base/errors';

/** What an error says to a person. One that nobody expected may quote what it could not read: its secrets are masked. */
export function describeError(error: unknown, translate: (text: Message) => string): string {
  if (error instanceof UserError) return translate(error.text);
  return redactShort(error instanceof Error ? error.message : String(error));
}

/**
 * The error for whoever is outside. The editor shows it to people, so its text makes no links. What nobody expected goes without itself
 * as the cause, for its own text is not masked.
 */
export function outwardError(error: unknown, translate: (text: Message) => string): Error {
  return new Error(inertText(describeError(error, translate)), error instanceof UserError ? { cause: error } : {});
}
