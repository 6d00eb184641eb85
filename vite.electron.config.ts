import { builtinModules } from 'node:module';
import { parse } from 'node:path';
import { defineConfig } from 'vite';
import type { EnvironmentOptions } from 'vite';

/** Bundles a program for Node or Electron with its imports, except built-in and `external` modules. */
function program(
  entry: string,
  folder: string,
  file: string,
  format: 'es' | 'cjs',
  external: string[] = [],
): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: { noExternal: true, external, builtins: [...builtinModules, /^node:/, 'electron'] },
    build: {
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      minify: false,
      target: 'node24',
      license: { fileName: `licenses/${parse(file).name}.json` },
      rolldownOptions: {
        input: entry,
        external: ['electron', ...external],
        output: { format, entryFileNames: file, codeSplitting: false, comments: { jsdoc: false } },
      },
    },
  };
}

/** Native modules are not bundled. */
const native = ['better-sqlite3', 'sharp', 'onnxruntime-node'];

/**
 * The programs of the desktop application. The main process and the preload script go to `dist/electron`. The engine and the
 * command line are plain Node programs. Their extension `.mjs` marks them as modules, because there is no package.json above
 * them once they are unpacked from the archive.
 */
const programs = {
  main: program('src-main/hosts/electron/main.ts', 'dist/electron', 'main.js', 'es', ['better-sqlite3']),
  // A sandboxed preload script must be one CommonJS file.
  preload: program('src-main/hosts/electron/preload.ts', 'dist/electron', 'preload.cjs', 'cjs'),
  engine: program('src-main/engine/main.ts', 'dist/engine', 'main.mjs', 'es', native),
  // The engine starts them from its own folder, once per device.
  probe: program(
    'src-main/engine/inference/probe-provider.ts',
    'dist/engine',
    'probe-provider.mjs',
    'es',
    native,
  ),
  probeCuda: program(
    'src-main/engine/inference/probe-cuda.ts',
    'dist/engine',
    'probe-cuda.mjs',
    'es',
    native,
  ),
  commandLine: program('src-main/hosts/cli/start.js', 'dist/cli', 'perch.mjs', 'es', native),
  benchWorker: program('src-main/hosts/cli/bench/worker.ts', 'dist/cli', 'bench-worker.mjs', 'es', native),
};

export default defineConfig({
  publicDir: false,
  environments: programs,
  builder: {
    async buildApp(builder) {
      for (const name of Object.keys(programs)) await builder.build(builder.environments[name]);
    },
  },
});
