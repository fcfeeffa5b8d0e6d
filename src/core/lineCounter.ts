/** Gives the line, from 0, of offsets that are asked for in rising order. */
export function lineCounter(text: string): (offset: number) => number {
  let line = 0;
  let from = 0;
  return (offset) => {
    for (let end; (end = text.indexOf('\n', from)) >= 0 && end < offset; from = end + 1) line++;
    return line;
  };
}
