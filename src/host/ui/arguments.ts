import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';

/** The property `name` of an argument object; undefined where it is not given. @throws UserError where it is no text */
export function textArgument(args: unknown, name: string): string | undefined {
  const value = argument(args, name);
  if (value === undefined || typeof value === 'string') return value;
  throw new UserError(message('"{0}" must be a string.', name));
}

/** Like {@link textArgument} for one of `values`. */
export function choiceArgument<T extends string>(args: unknown, name: string, values: readonly T[]): T | undefined {
  const value = textArgument(args, name);
  if (value === undefined || isOneOf(value, values)) return value;
  throw new UserError(message('"{0}" must be one of: {1}.', name, values.join(', ')));
}

export function flagArgument(args: unknown, name: string): boolean | undefined {
  const value = argument(args, name);
  if (value === undefined || typeof value === 'boolean') return value;
  throw new UserError(message('"{0}" must be true or false.', name));
}

export function argument(args: unknown, name: string): unknown {
  return typeof args === 'object' && args !== null ? (args as Record<string, unknown>)[name] : undefined;
}

function isOneOf<T extends string>(value: string, values: readonly T[]): value is T {
  return (values as readonly string[]).includes(value);
}
