/** Configures, builds and tests the native core with CMake, for the scripts of this folder. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';

export const nativeSource = path.join(import.meta.dirname, '..');

/** Runs a program. @returns whether it exists and exits with 0 */
export function succeeds(
  program: string,
  parameters: string[],
  stdio: 'ignore' | 'inherit' = 'inherit',
  environment: NodeJS.ProcessEnv = {},
): boolean {
  return spawnSync(program, parameters, { stdio, env: { ...process.env, ...environment } }).status === 0;
}

export function configure(output: string, definitions: string[]): boolean {
  return succeeds('cmake', [
    '-S',
    nativeSource,
    '-B',
    output,
    '-DPERCH_BUILD_TESTS=ON',
    '-DCMAKE_BUILD_TYPE=Release',
    ...definitions,
  ]);
}

export function build(output: string, target: string): boolean {
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

/** Runs the C++ tests of a build. */
export function runTests(output: string): boolean {
  return succeeds('ctest', ['--test-dir', output, '--build-config', 'Release', '--output-on-failure']);
}

/** Says that something is not tested, and why. Continuous integration must not skip anything, so it fails there. */
export function skip(reason: string): boolean {
  console.error(`SKIPPED: ${reason}`);
  return !process.env['CI'];
}

export function missingPrograms(programs: string[]): string[] {
  return programs.filter((program) => !succeeds(program, ['--version'], 'ignore'));
}
