/**
 * Gives the memory behind `bytes` back at once: detached, it is free; left to the collector, which counts little of it, it
 * adds up to tens of megabytes.
 */
export function free({ buffer }: ArrayBufferView): void {
  (buffer as ArrayBuffer).transfer(0);
}
