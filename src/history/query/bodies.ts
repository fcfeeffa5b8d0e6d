import {
  beginningOf,
  presentBody,
  presentBodyUpTo,
  revealSecret,
  type Body,
  type BodyOptions,
  type BodyPart,
  type BodyUpTo,
} from '../../core/event/body';
import type { BodyLimits } from '../history';
import type { Reader } from './reader';

/** Makes bodies of stored events ready for reading. Undefined where there is no such event. */
export class Bodies {
  /** The body whose beginning was asked for last: its rest will be. */
  #begun: { readonly name: string; readonly body: Body } | undefined;

  constructor(private readonly reader: Reader) {}

  whole(key: string, part: BodyPart, options: BodyOptions): Body | undefined {
    const found = this.reader.find(key);
    return found && presentBody(found.record, part, options);
  }

  upTo(key: string, part: BodyPart, options: BodyOptions, longest: number): BodyUpTo | undefined {
    const begun = this.#begun;
    this.#begun = undefined;
    const found = this.reader.find(key);
    if (found && begun?.name === nameOf(key, part, options)) return begun.body;
    return found && presentBodyUpTo(found.record, part, options, longest);
  }

  beginning(
    key: string,
    part: BodyPart,
    options: BodyOptions,
    { longest, beginning }: BodyLimits,
  ): BodyUpTo | undefined {
    const body = this.upTo(key, part, options, longest);
    if (!body || body.kind === 'tooLarge') return body;
    const begun = beginningOf(body, beginning);
    if (begun !== body) this.#begun = { name: nameOf(key, part, options), body };
    return begun;
  }

  reveal(key: string, part: BodyPart, options: BodyOptions, index: number): string | undefined {
    const found = this.reader.find(key);
    return found && revealSecret(found.record, part, options, index);
  }
}

function nameOf(key: string, part: BodyPart, options: BodyOptions): string {
  return JSON.stringify([key, part, options]);
}
