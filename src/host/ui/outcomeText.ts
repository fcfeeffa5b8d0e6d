import { outcomeTexts, type Outcome } from '../../core/event/event';
import { translate } from './translate';

/** The outcome in words. */
export function outcomeText(outcome: Outcome): string {
  return translate(outcomeTexts[outcome]);
}
