/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** JSON text of `value`, however deep: JSON.stringify runs out of stack at some thousand levels, which JSON.parse takes. */
export function toJson(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return writeDeep(value);
  }
}

function writeDeep(value: Json): string {
  const parts: string[] = [];
  /** What is still to be written, the next on top: values, or text that stands between them. */
  const rest: ({ value: Json } | string)[] = [{ value }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === 'string') parts.push(next);
    else if (typeof next.value !== 'object' || next.value === null) parts.push(JSON.stringify(next.value));
    else {
      const list = Array.isArray(next.value);
      const members = Object.entries(next.value as { readonly [key: string]: Json });
      rest.push(list ? ']' : '}');
      for (const [key, member] of members.reverse()) {
        rest.push({ value: member });
        if (!list) rest.push(`${JSON.stringify(key)}:`);
        rest.push(',');
      }
      if (members.length > 0) rest.pop(); // the comma before the first
      parts.push(list ? '[' : '{');
    }
  }
  return parts.join('');
}
