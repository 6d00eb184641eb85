import type { PackedFile } from '../contents.ts';

/** Parts of a package by path; the first match counts. */
const parts: Record<string, RegExp> = {
  'Node, for engine and command line': /^node\//,
  'ONNX Runtime': /node_modules\/onnxruntime/,
  'libvips and sharp': /node_modules\/(@img|sharp|semver|detect-libc)\//,
  SQLite: /node_modules\/better-sqlite3\//,
  'sample textures': /assets\/samples\//,
  'app.asar: main process, preload script, page': /^app\.asar\//,
  'engine and command line': /\/dist\/(engine|cli)\//,
  'native core': /native\//,
  'everything else': /^/,
};

/** Sizes of a package's parts in MB (10^6 bytes), largest first. */
export function sizesOf(files: readonly PackedFile[]): [part: string, megabytes: number][] {
  const sums = new Map(Object.keys(parts).map((part) => [part, 0]));
  for (const { path, bytes } of files) {
    const part = Object.keys(parts).find((name) => parts[name].test(path)) as string;
    sums.set(part, (sums.get(part) as number) + bytes / 1e6);
  }
  return [...sums].sort(([, a], [, b]) => b - a);
}
