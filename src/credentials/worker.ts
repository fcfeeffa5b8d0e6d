import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../core/base/errors';
import { message } from '../core/base/message';
import { findClouds, findCloudsAt } from './searchClouds';
import type { Outcome, Question } from './importClouds';

// Answers the one question it was started with.
const { file, surroundings } = workerData as Question;
const found = file === undefined ? findClouds(surroundings) : findCloudsAt(file, surroundings);
found
  .then(
    (findings): Outcome => ({ findings }),
    (error: unknown): Outcome => ({
      problem: error instanceof UserError ? error.text : message('The files cannot be read: {0}.', String(error)),
    }),
  )
  .then(
    (outcome) => parentPort?.postMessage(outcome),
    () => undefined,
  );
