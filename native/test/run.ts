/**
 * Builds and runs the C++ tests of the native core: `npm run test:native`. With `--sanitize` (`npm run test:native:sanitized`)
 * they run under AddressSanitizer and UndefinedBehaviorSanitizer, in a build folder of their own.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const sanitize = process.argv.includes('--sanitize');
const source = path.join(import.meta.dirname, '..');
const output = path.join(source, 'build', ...(sanitize ? ['sanitized'] : []));

if (sanitize && process.platform === 'win32') {
  console.error('SKIPPED: the sanitized tests need GCC or Clang.');
} else if (succeeds('cmake', ['--version'], 'ignore')) {
  const configure = ['-S', source, '-B', output, '-DPERCH_BUILD_TESTS=ON', '-DCMAKE_BUILD_TYPE=Release'];
  const build = ['--build', output, '--config', 'Release', '--target', 'perch_test', '--parallel', jobs()];
  const test = ['--test-dir', output, '--build-config', 'Release', '--output-on-failure'];
  const passed =
    succeeds('cmake', [...configure, `-DPERCH_SANITIZE=${sanitize ? 'ON' : 'OFF'}`], 'inherit') &&
    succeeds('cmake', build, 'inherit') &&
    succeeds('ctest', test, 'inherit');
  process.exitCode = passed ? 0 : 1;
} else {
  console.error(
    'SKIPPED: the C++ tests need CMake and a C++20 compiler. Perch runs on its TypeScript definitions here.',
  );
  process.exitCode = process.env['CI'] ? 1 : 0;
}

function jobs(): string {
  return String(availableParallelism());
}

function succeeds(program: string, parameters: string[], stdio: 'ignore' | 'inherit'): boolean {
  return spawnSync(program, parameters, { stdio }).status === 0;
}
