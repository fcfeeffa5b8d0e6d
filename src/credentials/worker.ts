import { parentPort } from 'node:worker_threads';
import { UserError } from '../core/base/errors';
import { message } from '../core/base/message';
import { connect } from '../protocol/rpc';
import { portOf } from '../protocol/workerPort';
import type { CloudFinder } from './importClouds';
import { findClouds, findCloudsAt } from './searchClouds';

// Answers questions until it is ended.
if (!parentPort) throw new Error('This file is run as a worker only');
connect(portOf(parentPort), {
  async find({ file, surroundings }) {
    try {
      return await (file === undefined ? findClouds(surroundings) : findCloudsAt(file, surroundings));
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(message('The files cannot be read: {0}.', String(error)));
    }
  },
} satisfies CloudFinder);
