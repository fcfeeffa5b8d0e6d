import type { Json } from '../../src/core/json/json';
import type { ActivityEvent } from '../../src/core/event/event';
import { json, problem, type Answer } from './answer';
import type { AuditRules } from './audit';
import type { Fault } from './faults';
import type { StandIn } from './startServer';
import type { TokenOptions } from './tokens';

/** What another process may ask of a running stand-in: `POST /control/<name>` with the argument as JSON. */
const controls = {
  fault: (server: StandIn, fault: Fault) => server.fault(fault),
  clearFaults: (server: StandIn) => server.clearFaults(),
  setRules: (server: StandIn, rules: Partial<AuditRules>) => server.setRules(rules),
  addEvents: (server: StandIn, events: ActivityEvent[]) => server.addEvents(events),
  setResource: (server: StandIn, { path, body }: { path: string; body?: Json }) => server.setResource(path, body),
  issueToken: (server: StandIn, options?: TokenOptions) => server.tokens.issue(options),
  revokeToken: (server: StandIn, token: string) => server.tokens.revoke(token),
  revokeAllTokens: (server: StandIn) => server.tokens.revokeAll(),
  requests: (server: StandIn) => server.requests,
  clearRequests: (server: StandIn) => void server.requests.splice(0),
} as const;

type Controls = typeof controls;

export function answerControl(server: StandIn, path: string, body: string): Answer {
  const name = path.slice('/control/'.length);
  if (!Object.hasOwn(controls, name)) return problem(404, `Controls: ${Object.keys(controls).join(', ')}`);
  const control = controls[name as keyof Controls] as (server: StandIn, argument: unknown) => unknown;
  return json(200, control(server, body === '' ? undefined : JSON.parse(body)) ?? null);
}
