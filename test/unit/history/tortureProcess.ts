// A process that tortures loads, several at once: while some wait, others go on. Arguments: the first seed, the last, and the
// step from one to the next.
import { torture } from './torture';

async function main([first = 1, last = 1, step = 1]: number[]): Promise<void> {
  let next = first;
  const lane = async (): Promise<void> => {
    while (next <= last) {
      const seed = next;
      next += step;
      await torture(seed).catch((error: unknown) => {
        process.exitCode = 1;
        console.log(String(error));
      });
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

void main(process.argv.slice(2).map(Number));
