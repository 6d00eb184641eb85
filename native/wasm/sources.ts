import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const target = '--target=wasm32-wasi';

/** As in CMakeLists.txt, where they apply. WebAssembly has no exceptions here, and threads share its memory. */
export const compilerFlags = [
  target,
  '-std=c++20',
  '-O3',
  '-ffp-contract=off',
  '-fno-exceptions',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-msimd128',
  '-matomics',
  '-mbulk-memory',
  '-DPERCH_WASM_KERNELS',
  '-Iinclude',
  '-Isrc',
  '-Iwasm',
];

/** JavaScript creates the memory. The libraries were not compiled with atomics, so their features are not checked. */
export const linkerFlags = [
  target,
  '-mexec-model=reactor',
  '-O3',
  '-Wl,--import-memory,--shared-memory,--initial-memory=1048576,--max-memory=4294967296',
  '-Wl,--no-check-features,--export=__stack_pointer,--strip-all',
];

/** Variants for other instruction sets, and threads of the operating system. */
const OTHER_PLATFORMS = /_(avx2|avx512|neon)\.cpp$|^src\/execution\/threads\.cpp$/;

/** The C++ files of the WebAssembly build, relative to the folder `native`. */
export function sourcesOf(native: string): string[] {
  const files = globSync(['src/*/*.cpp', 'wasm/*.cpp'], { cwd: native });
  return files
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => !OTHER_PLATFORMS.test(file))
    .sort();
}

/** SHA-256 of everything that the build depends on, except the compiler. */
export function sourcesSha256(native: string): string {
  const headers = globSync(['include/perch/*.hpp', 'src/*/*.hpp', 'wasm/*.hpp'], { cwd: native });
  const hash = createHash('sha256').update(JSON.stringify([compilerFlags, linkerFlags]));
  const files = [...sourcesOf(native), ...headers.map((file) => file.replaceAll(path.sep, '/')).sort()];
  for (const file of files) {
    const text = readFileSync(path.join(native, file), 'utf8').replaceAll('\r\n', '\n');
    hash.update(`\n${file}\n${text}`);
  }
  return hash.digest('hex');
}
