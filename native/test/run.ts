/** Builds and runs the C++ tests of the native core: `npm run test:native`. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const source = path.join(import.meta.dirname, '..');
const output = path.join(source, 'build');

if (succeeds('cmake', ['--version'], 'ignore')) {
  const steps: [string, string[]][] = [
    ['cmake', ['-S', source, '-B', output, '-DPERCH_BUILD_TESTS=ON', '-DCMAKE_BUILD_TYPE=Release']],
    ['cmake', ['--build', output, '--config', 'Release', '--target', 'perch_test', '--parallel', jobs()]],
    ['ctest', ['--test-dir', output, '--build-config', 'Release', '--output-on-failure']],
  ];
  process.exitCode = steps.every(([program, parameters]) => succeeds(program, parameters, 'inherit')) ? 0 : 1;
} else {
  console.error(
    'SKIPPED: the C++ tests need CMake and a C++20 compiler; Perch runs on its TypeScript reference here.',
  );
  process.exitCode = process.env['CI'] ? 1 : 0;
}

function jobs(): string {
  return String(availableParallelism());
}

function succeeds(program: string, parameters: string[], stdio: 'ignore' | 'inherit'): boolean {
  return spawnSync(program, parameters, { stdio }).status === 0;
}
