import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../hosts/cli/start.js', import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line in a separate process. */
export function perch(...args: string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const finished: Finished = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (finished.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (finished.stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...finished, code }));
  });
}
