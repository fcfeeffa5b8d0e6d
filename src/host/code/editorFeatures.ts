import { Owner } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import type { CodeIndex } from './codeIndex';
import type { Session } from '../session/session';
import { warn } from '../ui/translate';
import { showHovers } from './activityHover';
import { CodeLenses } from './codeLenses';
import { CodeRenewal } from './codeRenewal';
import { decorateOutside } from './outsideDecoration';
import type { StateTimes } from './stateTimes';

/** What is shown of events beside the code: lenses, hovers, decorations. */
export class EditorFeatures extends Owner {
  constructor(session: Session, code: CodeIndex, times: StateTimes, log: Log) {
    super();
    this.own(decorateOutside());
    this.own(new CodeLenses({ session, code, times, log }));
    this.own(showHovers(session, code));
    this.own(new CodeRenewal({ session, code, times, log, say: warn }));
  }
}
