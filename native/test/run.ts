/**
 * Builds and runs the C++ tests of the native core: `npm run test:native`.
 *
 * With `--sanitize` (`npm run test:native:sanitized`) they run under AddressSanitizer and
 * UndefinedBehaviorSanitizer, in a separate build folder. On Linux with GCC the module is also built and
 * fuzzed under the sanitizers.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, configure, missingPrograms, nativeSource, runTests, skip, succeeds } from './toolchain.ts';

const sanitize = process.argv.includes('--sanitize');
const output = path.join(nativeSource, 'build', ...(sanitize ? ['sanitized'] : []));

if (sanitize && process.platform === 'win32') {
  console.error('SKIPPED: the sanitized tests need GCC or Clang.');
} else {
  process.exitCode = run() ? 0 : 1;
}

function run(): boolean {
  if (missingPrograms(['cmake']).length > 0)
    return skip(
      'the C++ tests need CMake and a C++20 compiler. The other tests check the WebAssembly build here.',
    );
  const core =
    configure(output, [`-DPERCH_SANITIZE=${sanitize ? 'ON' : 'OFF'}`, ...headers()]) &&
    build(output, 'perch_test') &&
    runTests(output);
  return core && (!sanitize || fuzzModule());
}

/** Node itself is not sanitized, so the sanitizers' runtime libraries must be loaded first. */
function fuzzModule(): boolean {
  const libraries = ['libasan.so', 'libubsan.so'].map((name) =>
    spawnSync('c++', [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout?.trim(),
  );
  if (process.platform !== 'linux' || !libraries.every((library) => library && path.isAbsolute(library))) {
    console.error('SKIPPED: fuzzing the module under the sanitizers needs Linux and GCC.');
    return true;
  }
  const script = path.join(import.meta.dirname, 'fuzz-binding.ts');
  const module = path.join(output, 'Release', 'perch.node');
  return (
    build(output, 'perch') &&
    succeeds(process.execPath, [script, '--seconds', '30', '--module', module], 'inherit', {
      LD_PRELOAD: libraries.join(' '),
      ASAN_OPTIONS: 'detect_leaks=0',
    })
  );
}

function headers(): string[] {
  const folder = (name: string) =>
    path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)).replaceAll('\\', '/');
  return [`-DNODE_API_HEADERS=${folder('node-api-headers')}`, `-DNODE_ADDON_API=${folder('node-addon-api')}`];
}
