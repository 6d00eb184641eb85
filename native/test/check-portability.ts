/**
 * Builds the native core and its tests with compilers other than the one that builds the module, and runs the tests
 * where possible: `npm run check:native:portability`.
 */
import path from 'node:path';
import { build, configure, missingPrograms, nativeSource, runTests, skip } from './toolchain.ts';

interface Toolchain {
  name: string;
  /** Programs that it needs besides CMake, and the Debian packages that have them. */
  programs: string[];
  packages: string;
  definitions: string[];
  /** Whether this machine can run the tests. */
  runs: boolean;
}

const crossCompiling = (system: string, processor: string, compiler: string) => [
  `-DCMAKE_SYSTEM_NAME=${system}`,
  `-DCMAKE_SYSTEM_PROCESSOR=${processor}`,
  `-DCMAKE_CXX_COMPILER=${compiler}`,
  '-DCMAKE_EXE_LINKER_FLAGS=-static',
];

const toolchains: Toolchain[] = [
  {
    name: 'clang',
    programs: ['clang++'],
    packages: 'clang',
    definitions: ['-DCMAKE_CXX_COMPILER=clang++'],
    runs: true,
  },
  {
    name: 'clang-arm',
    programs: ['clang++', 'aarch64-linux-gnu-g++', 'qemu-aarch64'],
    packages: 'clang g++-aarch64-linux-gnu qemu-user',
    definitions: [
      ...crossCompiling('Linux', 'aarch64', 'clang++'),
      '-DCMAKE_CXX_COMPILER_TARGET=aarch64-linux-gnu',
      '-DCMAKE_CROSSCOMPILING_EMULATOR=qemu-aarch64',
    ],
    runs: true,
  },
  {
    name: 'mingw-w64',
    programs: ['x86_64-w64-mingw32-g++-posix'],
    packages: 'g++-mingw-w64-x86-64-posix',
    definitions: crossCompiling('Windows', 'AMD64', 'x86_64-w64-mingw32-g++-posix'),
    runs: false,
  },
];

const passed = toolchains.map(check);
process.exitCode = passed.every(Boolean) ? 0 : 1;

function check({ name, programs, packages, definitions, runs }: Toolchain): boolean {
  const missing = missingPrograms(['cmake', ...programs]);
  if (missing.length > 0)
    return skip(`${name}: ${missing.join(', ')} missing (Debian, Ubuntu: apt install cmake ${packages}).`);
  console.log(`\n${name}`);
  const output = path.join(nativeSource, 'build', name);
  const built = configure(output, definitions) && build(output, 'perch_test');
  const succeeded = built && (!runs || runTests(output));
  if (!succeeded) console.error(`FAILED: ${name}`);
  else if (!runs) console.log(`${name}: built; this machine cannot run the tests.`);
  return succeeded;
}
