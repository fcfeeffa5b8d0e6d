import { findDifference, type DifferenceSpec } from './difference';

/** Runs in a worker of the page: says that it begins, then answers the one question. */
self.onmessage = ({ data }: MessageEvent<DifferenceSpec>): void => {
  self.postMessage(undefined);
  self.postMessage(findDifference(data));
};
