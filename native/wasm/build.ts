/**
 * Builds the core for WebAssembly, `native/wasm/perch.wasm`: `npm run build:wasm`. The file is in the repository, so only
 * changes of the core need this. It needs Clang 14 with the libraries for WebAssembly
 * (Debian 12: apt install clang lld wasi-libc libc++-dev-wasm32 libclang-rt-dev-wasm32).
 *
 * `perch.wasm.json` has the checksum of the sources, so that a test finds a file that is out of date.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format } from 'prettier';
import { compilerFlags, linkerFlags, sourcesOf, sourcesSha256 } from './sources.ts';

const folder = import.meta.dirname;
const [, output = path.join(folder, 'perch.wasm')] = process.argv.slice(1);
const native = path.dirname(folder);
const objects = mkdtempSync(path.join(tmpdir(), 'perch-wasm-'));

try {
  const files = sourcesOf(native).map((source) => {
    const object = path.join(objects, `${source.replaceAll('/', '-')}.o`);
    compile([...compilerFlags, '-c', source, '-o', object]);
    return object;
  });
  compile([...linkerFlags, ...files, '-o', output]);
} finally {
  rmSync(objects, { recursive: true });
}
const record = JSON.stringify({ sources: sourcesSha256(native) });
writeFileSync(`${output}.json`, await format(record, { parser: 'json' }));
console.log(`${output}: ${Math.round(readFileSync(output).length / 1024)} KiB`);

function compile(parameters: string[]): void {
  const { status, error } = spawnSync('clang++', parameters, { cwd: native, stdio: 'inherit' });
  if (status === 0) return;
  console.error(error?.message ?? 'clang++ failed.');
  process.exit(1);
}
