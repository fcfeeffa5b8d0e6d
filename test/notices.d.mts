import type { Metafile } from 'esbuild';

export function bundledPackages(metafiles: readonly Pick<Metafile, 'outputs'>[]): string[];
export function writeNotices(folders: readonly string[], target: string): void;
