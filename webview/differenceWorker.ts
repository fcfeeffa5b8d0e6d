import { findDifference, type DifferenceSpec } from './difference';

/** Runs in a worker of the page: one question, one answer. */
self.onmessage = ({ data }: MessageEvent<DifferenceSpec>): void => self.postMessage(findDifference(data));
