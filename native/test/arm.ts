/**
 * Cross-compiles the C++ tests for 64-bit Arm and runs them under QEMU: `npm run test:native:arm`. Then counts the
 * instructions of rank matching by NEON and by the portable path. Emulation shows whether results are right and how
 * many instructions they take, not how fast a processor is.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build, configure, missingPrograms, nativeSource, runTests, skip, succeeds } from './toolchain.ts';

const output = path.join(nativeSource, 'build', 'arm');
/** The most instructions that NEON may take for each patch size: a third of the portable path's on 2026-11-28. */
const LIMITS: Record<number, number> = { 3: 143, 5: 130, 7: 250, 9: 362, 11: 812, 13: 1094, 15: 1301 };

process.exitCode = run() ? 0 : 1;

function run(): boolean {
  const missing = missingPrograms(['cmake', 'aarch64-linux-gnu-g++', 'qemu-aarch64']);
  if (missing.length > 0)
    return skip(
      `the tests for 64-bit Arm need ${missing.join(', ')} (Debian, Ubuntu: apt install cmake g++-aarch64-linux-gnu qemu-user).`,
    );
  const configured = configure(output, [
    '-DCMAKE_SYSTEM_NAME=Linux',
    '-DCMAKE_SYSTEM_PROCESSOR=aarch64',
    '-DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++',
    '-DCMAKE_EXE_LINKER_FLAGS=-static',
    '-DCMAKE_CROSSCOMPILING_EMULATOR=qemu-aarch64',
  ]);
  return configured && build(output, 'perch_test') && runTests(output) && compareInstructions();
}

function compareInstructions(): boolean {
  const counter = path.join(output, 'count_instructions.so');
  const source = path.join(import.meta.dirname, 'count_instructions.c');
  if (!succeeds('cc', ['-shared', '-fPIC', '-O1', '-o', counter, source]))
    return skip('the comparison of instruction counts needs a C compiler.');
  if (!build(output, 'match_features')) return false;
  let passed = true;
  console.log('Instructions per channel and position, rank matching of a 64 x 64 map:');
  for (const [patchSize, limit] of Object.entries(LIMITS).map(([size, most]) => [Number(size), most])) {
    const portable = instructions(counter, 'portable', patchSize);
    const neon = instructions(counter, 'neon', patchSize);
    if (portable === undefined || neon === undefined)
      return skip('instruction counts: this QEMU does not load plugins.');
    const ratio = neon / portable;
    const counts = `portable ${portable.toFixed(0)}, NEON ${neon.toFixed(0)}, ratio ${ratio.toFixed(2)}`;
    console.log(`T = ${patchSize}: ${counts}`);
    if (neon <= limit) continue;
    passed = false;
    console.error(`FAILED: NEON may take ${limit} instructions at T = ${patchSize}.`);
  }
  return passed;
}

/** The difference between 10 and 2 channels, so that costs of the whole map do not count. */
function instructions(counter: string, isa: string, patchSize: number): number | undefined {
  const [many, few] = [10, 2].map((channels) =>
    countRun(counter, [isa, String(channels), String(patchSize)]),
  );
  return many === undefined || few === undefined ? undefined : (many - few) / (8 * 64 * 64);
}

function countRun(counter: string, parameters: string[]): number | undefined {
  const log = path.join(output, 'instructions.txt');
  mkdirSync(output, { recursive: true });
  const program = path.join(output, 'test', 'match_features');
  const { status } = spawnSync('qemu-aarch64', [
    '-d',
    'plugin',
    '-D',
    log,
    '-plugin',
    counter,
    program,
    ...parameters,
  ]);
  return status === 0 ? Number(readFileSync(log, 'utf8')) || undefined : undefined;
}
