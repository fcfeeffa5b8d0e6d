/** Where the parts write what they did. Texts are English and hold no secret and no URL with a query. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
  error(text: string, error?: unknown): void;
}
