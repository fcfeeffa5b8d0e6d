import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';

export function noConnection(): never {
  throw new UserError(message('No connection is active. Set one up, or open the sample project.'));
}

export function noToken(): never {
  throw new UserError(message('There is no token for this connection. Sign in, or set a token.'));
}
