import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A browser host of its own process, as a person starts it. */
export interface Host {
  /** Address that opens the session; works once. */
  url: string;
  stop(): Promise<void>;
}

export async function startHost(): Promise<Host> {
  const host = spawn(process.execPath, ['src-main/hosts/web/main.ts', '--no-open'], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    if (host.exitCode !== null || !host.kill('SIGTERM')) return;
    await once(host, 'exit');
  };
  for await (const line of createInterface({ input: host.stdout })) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url) return { url, stop };
  }
  throw new Error('The browser host ended before it said where it is.');
}
