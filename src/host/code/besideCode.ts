import { window } from 'vscode';
import { Owner } from '../../core/lifecycle';
import type { Log } from '../../core/log';
import type { Message } from '../../core/message';
import type { CodeIndex } from '../codeIndex';
import type { Session } from '../session';
import { translate } from '../translate';
import { showHovers } from './activityHover';
import { CodeLenses } from './codeLenses';
import { CodeRenewal } from './codeRenewal';
import { decorateOutside } from './outsideDecoration';
import type { StateTimes } from './stateTimes';

/** What is shown of events beside the code: lenses, hovers, decorations. */
export class BesideCode extends Owner {
  constructor(session: Session, code: CodeIndex, times: StateTimes, log: Log) {
    super();
    this.own(decorateOutside());
    this.own(new CodeLenses({ session, code, times, log }));
    this.own(showHovers(session, code));
    const say = (notice: Message): void => void window.showWarningMessage(translate(notice));
    this.own(new CodeRenewal({ session, code, times, log, say }));
  }
}
