import { spawn } from 'node:child_process';
import { extname, join } from 'node:path';
import { childEnvironment } from '../../platform/child-environment.ts';

const TIMEOUT_MS = 60_000;

/** Programs that try a device: source files next to this one, or bundles next to the bundle of the engine. */
type Probe = 'probe-provider' | 'probe-cuda';

/**
 * Runs a probe in a child process, because a broken driver may crash the process that loads it.
 *
 * @returns what the probe found, or why it failed
 */
export function runProbe(
  probe: Probe,
  ...parameters: string[]
): Promise<{ found: string } | { reason: string }> {
  return new Promise((resolve) => {
    const program = join(import.meta.dirname, `${probe}${extname(import.meta.filename)}`);
    const child = spawn(process.execPath, [program, ...parameters], {
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
      env: childEnvironment(),
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (cause) => resolve({ reason: cause.message }));
    child.on('close', (code, signal) => {
      if (code === 0) resolve({ found: output.trim() });
      else
        resolve({ reason: output.trim() || `The test process ended with ${signal ?? `exit code ${code}`}.` });
    });
  });
}
