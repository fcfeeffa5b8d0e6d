import { agentKind } from './agent';
import type { EventSummary } from './event';

type Call = Pick<EventSummary, 'method' | 'action' | 'outcome' | 'userAgent'>;

/**
 * Whether such a call changed something without Terraform, as far as its user agent tells: it does more than read or open a console, did not
 * fail, and comes from a program that says what it is.
 */
export function isChangeOutside({ method, action, outcome, userAgent }: Call): boolean {
  if (outcome === 'failure' || /^(?:GET|HEAD|OPTIONS)$/i.test(method) || /console/i.test(action)) return false;
  return userAgent !== '' && agentKind(userAgent).kind !== 'terraform';
}
