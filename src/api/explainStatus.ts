import { STATUS_CODES } from 'node:http';
import { RequestError, type RequestFailure } from '../core/base/errors';
import { message, type Message } from '../core/base/message';
import type { Answer } from './httpClient';
import { quoteRefusal } from './quoteRefusal';
import { readRetryAfter } from './retryAfter';

/** What was asked for: the same status means different things. */
export type Subject = 'log' | 'resource' | 'signIn' | 'passcode';

type Explanation = readonly [failure: RequestFailure, text: (host: string, said: string) => Message];

const unauthorized: Explanation = [
  'unauthorized',
  (host, said) => message('{0} refused the token ({1}). Set a new token.', host, said),
];
const unexpected: Explanation = [
  'malformed',
  (host, said) => message('{0} gave an unexpected answer ({1}). Check the endpoint.', host, said),
];

const logGone: Explanation = [
  'notFound',
  (host, said) =>
    message('{0} has no activity log at this address ({1}). Check the endpoint and its project id.', host, said),
];
const resourceGone: Explanation = [
  'notFound',
  (host, said) => message('{0} does not have this resource ({1}). It may have been deleted since.', host, said),
];

const signIn: Readonly<Record<number, Explanation>> = {
  400: [
    'badRequest',
    (host, said) => message('{0} cannot read the sign-in ({1}). Check user name, domain and project.', host, said),
  ],
  401: [
    'unauthorized',
    (host, said) =>
      message(
        '{0} refused the sign-in ({1}). Check user name, domain and password (or id and secret), and that the user is enabled and has a role in the project.',
        host,
        said,
      ),
  ],
  403: [
    'forbidden',
    (host, said) =>
      message('{0} does not let this user sign in ({1}). Check that access to the API is switched on.', host, said),
  ],
  404: [
    'notFound',
    (host, said) => message('{0} has no Keystone at this address ({1}). Check the address for signing in.', host, said),
  ],
};

const common: Readonly<Record<number, Explanation>> = {
  401: unauthorized,
  407: ['network', (host, said) => message('The proxy on the way to {0} asks for a sign-in ({1}).', host, said)],
  408: ['timeout', (host, said) => message('{0} ran out of time ({1}). Try again.', host, said)],
  429: [
    'rateLimited',
    (host, said) => message('{0} asks for fewer requests ({1}). Wait a little, then try again.', host, said),
  ],
};

const bySubject: Readonly<Record<Subject, Readonly<Record<number, Explanation>>>> = {
  log: {
    400: [
      'badRequest',
      (host, said) =>
        message('{0} did not accept the request ({1}). Check the endpoint and the time range.', host, said),
    ],
    403: [
      'forbidden',
      (host, said) =>
        message(
          '{0} does not let this user read the activity log of the project ({1}). It opens for viewer, administrator, junior administrator, project administrator, super administrator and project owner. Ask an owner of the project for one of these roles.',
          host,
          said,
        ),
    ],
    404: logGone,
    410: logGone,
  },
  resource: {
    400: ['badRequest', (host, said) => message('{0} did not accept the request ({1}).', host, said)],
    403: [
      'forbidden',
      (host, said) =>
        message(
          '{0} does not let this user see the resource ({1}). Ask an owner of the project for a role that may.',
          host,
          said,
        ),
    ],
    404: resourceGone,
    410: resourceGone,
  },
  signIn,
  passcode: {
    ...signIn,
    401: [
      'unauthorized',
      (host, said) =>
        message(
          '{0} refused the passcode ({1}). Type the one that your authenticator shows now; if that is refused too, sign in anew.',
          host,
          said,
        ),
    ],
  },
};

/** Why an answer whose status is not 2xx is no use. `secrets` are taken out of what is quoted from it. */
export function explainStatus(
  answer: Answer,
  host: string,
  subject: Subject,
  secrets: readonly string[],
): RequestError {
  const { status, headers } = answer;
  const details = { status, retryAfterMs: readRetryAfter(headers) };
  if (status >= 300 && status < 400) return new RequestError('redirect', redirected(host, headers.location), details);
  const quotation = quoteRefusal(answer, secrets);
  const said = [`${status} ${STATUS_CODES[status] ?? ''}`.trim(), quotation].filter(Boolean).join(': ');
  const [failure, text] = bySubject[subject][status] ?? common[status] ?? (status >= 500 ? failed : unexpected);
  return new RequestError(failure, text(host, said), details);
}

const failed: Explanation = ['server', (host, said) => message('{0} failed ({1}). Try again later.', host, said)];

function redirected(host: string, location: string | undefined): Message {
  const elsewhere = location !== undefined && URL.canParse(location) ? new URL(location).host : undefined;
  if (elsewhere === undefined || elsewhere === host)
    return message(
      '{0} points to another address, which is not followed, so that the token does not go there. Check the endpoint.',
      host,
    );
  return message(
    '{0} points to {1}, which is not followed, so that the token does not go there. Check the endpoint.',
    host,
    elsewhere,
  );
}
