const word = /[\w-]/;

/** The offset of `id` in `text` as a word of its own, or -1. */
export function firstNaming(text: string, id: string): number {
  for (let at = text.indexOf(id); at >= 0 && id !== ''; at = text.indexOf(id, at + 1)) {
    if (!word.test(text.charAt(at - 1)) && !word.test(text.charAt(at + id.length))) return at;
  }
  return -1;
}
