/** Asks one question at a time: a new one lets go of the one before, whose answer is not wanted any more. */
export function createAsking(): <T>(
  ask: (signal: AbortSignal) => Promise<T>,
  onAnswer: (answer: T) => void,
  onError: (error: unknown) => void,
) => void {
  let asking: AbortController | undefined;
  return (ask, onAnswer, onError) => {
    asking?.abort();
    const own = (asking = new AbortController());
    ask(own.signal).then(
      (answer) => own === asking && onAnswer(answer),
      (error: unknown) => own === asking && onError(error),
    );
  };
}
