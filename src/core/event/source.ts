/** What is asked of a source: one page of one stream. */
export interface PageRequest {
  /** The component, or undefined for all components in one stream. */
  readonly component: string | undefined;
  /** UTC milliseconds, whole seconds; both ends are asked for inclusively. */
  readonly from: number;
  readonly to: number;
  /** The previous page's marker; undefined for the first page. Opaque. */
  readonly marker: string | undefined;
  /** Records per page; always sent. */
  readonly limit: number;
  /** Called once where an answer turns out to be large; more of it is read when it resolves. */
  readonly onLarge?: ((signal: AbortSignal) => Promise<void>) | undefined;
}

/** Where events come from: the Audit API, the built-in sample, a saved file. Knows nothing of who reads it. */
export interface EventSource {
  /**
   * One page as bytes of UTF-8 JSON `{"logs": [...], "marker": "..."}`, not decoded: that is done off this thread.
   * Transient failures were already retried.
   * @throws RequestError when it fails for good; an AbortError when `signal` is aborted.
   */
  page(request: PageRequest, signal: AbortSignal): Promise<Uint8Array>;
  /** Whether all of it is read for every chain of pages, so that one chain serves best. */
  readonly isWhole?: boolean;
  /** Whether its records come from this computer: they may be of any size. */
  readonly isLocal?: boolean;
  /** What the clock of the server showed when it sent its latest answer, in UTC milliseconds, where it tells. */
  clock?(): number | undefined;
}
