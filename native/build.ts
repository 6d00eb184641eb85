/**
 * Builds the native module, native/build/Release/perch.node. `npm ci` runs this script, `npm run build:native` runs it with
 * `--required`. Without the module, Perch runs its
 * WebAssembly build, so a failed build is an error only with `--required`. `npm run build:native:cuda` runs it with `--cuda`,
 * which also builds the CUDA kernels, native/build/Release/perch_cuda.so or .dll, and needs nvcc.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const source = import.meta.dirname;
const output = path.join(source, 'build');
const withCuda = process.argv.includes('--cuda');
const targets = ['perch', ...(withCuda ? ['perch_cuda'] : [])];
const log = path.join(output, 'build.log');
let transcript = '';

const TOOLS: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'CMake and a C++20 compiler (Debian, Ubuntu: apt install cmake g++)',
  darwin: "CMake and Apple's command line tools (brew install cmake; xcode-select --install)",
  win32: 'CMake and Visual Studio 2022 with "Desktop development with C++"',
};

process.exitCode = main();

function main(): number {
  const built = available('cmake') && (configure() || (removeConfiguration() && configure())) && build();
  mkdirSync(output, { recursive: true });
  writeFileSync(log, transcript);
  if (built) {
    console.log(
      withCuda ? 'The native module and the CUDA kernels are built.' : 'The native module is built.',
    );
    return 0;
  }
  const tools = `${TOOLS[process.platform] ?? 'CMake and a C++20 compiler'}${withCuda ? ' and nvcc 13' : ''}`;
  if (!process.argv.includes('--required')) {
    console.log('The native module was not built. Perch uses its WebAssembly build.');
    return 0;
  }
  console.error(`The native module could not be built (log: ${log}). Install ${tools}, then run this again.`);
  return 1;
}

function configure(): boolean {
  const headers = packageDirectory('node-api-headers');
  const addonApi = packageDirectory('node-addon-api');
  if (!headers || !addonApi) return false;
  return run('cmake', [
    '-S',
    source,
    '-B',
    output,
    ...(available('ninja') && process.platform !== 'win32' ? ['-G', 'Ninja'] : []),
    '-DCMAKE_BUILD_TYPE=Release',
    `-DPERCH_BUILD_CUDA=${withCuda ? 'ON' : 'OFF'}`,
    `-DNODE_API_HEADERS=${headers}`,
    `-DNODE_ADDON_API=${addonApi}`,
  ]);
}

function packageDirectory(name: string): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return path.dirname(manifest).replaceAll('\\', '/');
  } catch (error) {
    transcript += `${String(error)}\n`;
    return undefined;
  }
}

/** Removes an earlier configuration, which may be for another generator, folder or version of CMake. */
function removeConfiguration(): boolean {
  rmSync(path.join(output, 'CMakeCache.txt'), { force: true });
  rmSync(path.join(output, 'CMakeFiles'), { recursive: true, force: true });
  return true;
}

function build(): boolean {
  const jobs = String(availableParallelism());
  return run('cmake', ['--build', output, '--config', 'Release', '--target', ...targets, '--parallel', jobs]);
}

function available(program: string): boolean {
  return run(program, ['--version']);
}

function run(program: string, parameters: string[]): boolean {
  const { status, error, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8' });
  transcript += `> ${program} ${parameters.join(' ')}\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n`;
  return status === 0;
}
