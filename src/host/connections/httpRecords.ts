import type { AuditOptions } from '../../api';
import type { Disposable } from '../../core/base/lifecycle';
import type { Log } from '../../core/base/log';
import type { Range } from '../../core/time/range';
import type { EventSource } from '../../core/event/source';
import type { OpenedHistory } from '../../history/openHistory';
import type { Pages } from '../../history/load/pages';
import type { Connection } from './connections';
import type { Renewal } from './renewal';
import type { Token, Tokens } from './tokens';

type ReceivePages = OpenedHistory['receivePages'];

/** What a connection's events are read from. */
export interface Records extends Disposable {
  /** The times it holds, where that is known. */
  readonly range?: Range | undefined;
  /**
   * Opens it for one load, whose pages may go to the history through `receive`. `admit` is shown each token before it is sent,
   * and throws where the load is not to go on with it.
   */
  open(receive: ReceivePages, admit: (token: Token) => void): Promise<(EventSource | Pages) & Disposable>;
  /**
   * Makes requests possible again that were refused, without asking anybody. False: a person is needed.
   * @throws RequestError where Keystone cannot be asked
   */
  renew(signal: AbortSignal): Promise<boolean>;
}

interface HttpParts {
  readonly tokens: Tokens;
  readonly renewal: Renewal;
  readonly log: Log;
  openSource(options: AuditOptions, receive: ReceivePages): Promise<(EventSource | Pages) & Disposable>;
}

/** New tokens in a row that the server refused, too, until that is taken for its last word. */
const patience = 2;

/** Connects anew for each load, so that settings of the network count at once, and a history opens without any. */
export function httpRecords(connection: Connection, { log, openSource, renewal, tokens }: HttpParts): Records {
  let sent: string | undefined;
  let accepted: string | undefined;
  let inVain = 0;
  return {
    open: (receive, admit) => {
      const options: AuditOptions = {
        endpoint: connection.address,
        token: () => {
          const held = tokens.held(connection);
          if (held) admit(held);
          return (sent = held?.token);
        },
        onAttempt: ({ number, host, milliseconds, status, bytes, failure }) => {
          if (failure === undefined) accepted = sent;
          log.info(`${host}: ${failure ?? status} in ${milliseconds} ms, ${bytes} bytes (attempt ${number})`);
        },
      };
      return openSource(options, receive);
    },
    async renew(signal) {
      const token = tokens.current(connection);
      if (token !== undefined && token !== sent) return true;
      if (sent === accepted) inVain = 0;
      return inVain++ < patience && renewal.renew(connection.id, signal);
    },
    dispose: () => undefined,
  };
}
