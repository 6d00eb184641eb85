import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';
import type { EnvironmentOptions } from 'vite';

/** A module for Node or Electron, with all it imports but what the platform or `node_modules` has to bring. */
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
      rolldownOptions: {
        input: entry,
        external: ['electron', ...external],
        output: { format, entryFileNames: file, codeSplitting: false },
      },
    },
  };
}

/**
 * Builds what the desktop runs: main process and preload script to `dist/electron`, and the engine, which is a plain
 * Node program, to `dist/engine`. Native modules are not bundled; a package that is only types of ONNX Runtime goes
 * with it.
 */
export default defineConfig({
  publicDir: false,
  environments: {
    main: program('src-main/hosts/electron/main.ts', 'dist/electron', 'main.js', 'es', ['better-sqlite3']),
    // A sandboxed preload script has to be one CommonJS file.
    preload: program('src-main/hosts/electron/preload.ts', 'dist/electron', 'preload.cjs', 'cjs'),
    // Its extension says what it is: unpacked from the archive, no package.json lies above it.
    engine: program('src-main/engine/main.ts', 'dist/engine', 'main.mjs', 'es', [
      'sharp',
      'onnxruntime-node',
    ]),
    // The engine starts it from its own folder, once for each provider.
    probe: program('src-main/engine/probe-provider.ts', 'dist/engine', 'probe-provider.mjs', 'es', [
      'onnxruntime-node',
    ]),
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['main', 'preload', 'engine', 'probe'])
        await builder.build(builder.environments[name]);
    },
  },
});
