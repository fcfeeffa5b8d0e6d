import type { Json } from '../core/json/json';
import type { ActivityEvent } from '../core/event/event';
import { Random } from './random';

/** Who calls, and with what. */
export interface Actor {
  readonly id: string;
  /** Service users have none. */
  readonly email?: string;
  /** Absent as in the documented sample. */
  readonly agent?: string;
}

/** An object is sent as JSON, a text as it is, nothing as ''. */
type Payload = Json | undefined;

/** An event and how many seconds before the sample's "now" it happened. */
export interface Recorded {
  readonly ago: number;
  readonly event: ActivityEvent;
}

/** Records the calls of one story, with a clock that runs forward as they are made. */
export class Tape {
  readonly recorded: Recorded[] = [];
  readonly random: Random;
  #ago = 0;
  #actor: Actor = { id: '' };

  /** The name is the seed: a change in one story moves no id in another. */
  constructor(name: string) {
    this.random = new Random(name);
  }

  /** Sets the clock so many days before now. */
  at(days: number): this {
    this.#ago = Math.round(days * 86_400);
    return this;
  }

  /** Lets time pass. */
  wait(minutes: number): this {
    this.#ago -= Math.round(minutes * 60);
    return this;
  }

  /** The calls from here on are this actor's. */
  by(actor: Actor): this {
    this.#actor = actor;
    return this;
  }

  /** A call that succeeded, written `METHOD /path`. */
  ok(source: string, action: string, call: string, request?: Payload, response?: Payload): this {
    return this.#record(source, action, 'yes', call, request, response);
  }

  /** A call that failed. */
  no(source: string, action: string, call: string, request?: Payload, response?: Payload): this {
    return this.#record(source, action, 'no', call, request, response);
  }

  #record(source: string, action: string, success: string, call: string, request: Payload, response: Payload): this {
    const [method = '', uri = ''] = call.split(' ');
    const { id, email, agent } = this.#actor;
    const event: Record<string, Json> = {
      action,
      event_id: this.random.uuid(),
      method,
      request_body: textOf(request),
      request_id: `req-${this.random.uuid()}`,
      response_body: textOf(response),
      source,
      success,
      timestamp: '',
      uri,
    };
    if (agent !== undefined) event['user_agent'] = agent;
    if (email !== undefined) event['user_email'] = email;
    event['user_id'] = id;
    this.recorded.push({ ago: this.#ago, event });
    this.#ago -= this.random.int(1, 12);
    return this;
  }
}

function textOf(payload: Payload): string {
  if (payload === undefined) return '';
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}
