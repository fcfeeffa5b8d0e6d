/** A module bundled by itself, as text: see `inlined` in esbuild.mjs. */
declare module 'inline:*' {
  export const script: string;
}
