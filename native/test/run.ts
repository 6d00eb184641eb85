/**
 * Builds and runs the C++ tests of the native core: `npm run test:native`.
 *
 * With `--sanitize` (`npm run test:native:sanitized`) they run under AddressSanitizer and
 * UndefinedBehaviorSanitizer, in a separate build folder. On Linux with GCC the module is also built and
 * fuzzed under the sanitizers.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const sanitize = process.argv.includes('--sanitize');
const source = path.join(import.meta.dirname, '..');
const output = path.join(source, 'build', ...(sanitize ? ['sanitized'] : []));

if (sanitize && process.platform === 'win32') {
  console.error('SKIPPED: the sanitized tests need GCC or Clang.');
} else if (succeeds('cmake', ['--version'], 'ignore')) {
  const passed = testCore() && (!sanitize || fuzzModule());
  process.exitCode = passed ? 0 : 1;
} else {
  console.error(
    'SKIPPED: the C++ tests need CMake and a C++20 compiler. Perch uses its TypeScript fallback here.',
  );
  process.exitCode = process.env['CI'] ? 1 : 0;
}

function testCore(): boolean {
  const configure = ['-S', source, '-B', output, '-DPERCH_BUILD_TESTS=ON', '-DCMAKE_BUILD_TYPE=Release'];
  return (
    succeeds('cmake', [...configure, `-DPERCH_SANITIZE=${sanitize ? 'ON' : 'OFF'}`, ...headers()]) &&
    build('perch_test') &&
    succeeds('ctest', ['--test-dir', output, '--build-config', 'Release', '--output-on-failure'])
  );
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
    build('perch') &&
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

function build(target: string): boolean {
  const jobs = String(availableParallelism());
  return succeeds('cmake', [
    '--build',
    output,
    '--config',
    'Release',
    '--target',
    target,
    '--parallel',
    jobs,
  ]);
}

function succeeds(
  program: string,
  parameters: string[],
  stdio: 'ignore' | 'inherit' = 'inherit',
  environment: NodeJS.ProcessEnv = {},
): boolean {
  return spawnSync(program, parameters, { stdio, env: { ...process.env, ...environment } }).status === 0;
}
