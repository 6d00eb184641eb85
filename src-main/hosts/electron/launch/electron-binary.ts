import { fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { electronEnvironment } from '../../../platform/child-environment.ts';

/** A message of the download process. */
export type FetchMessage =
  { type: 'progress'; done: number; total: number } | { type: 'done' } | { type: 'failed'; reason: string };

/** The download is complete, failed, or in progress until this process exits. */
export type Fetched = { kind: 'done' } | { kind: 'slow' } | { kind: 'failed'; reason: string };

const BINARIES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** The Electron binary of the npm package or of `ELECTRON_OVERRIDE_DIST_PATH`; undefined if there is none. */
export function findElectron(electronPackage: string, environment: NodeJS.ProcessEnv): string | undefined {
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  // The package writes this file last: without it, the binary may be incomplete.
  const name = join(electronPackage, 'path.txt');
  if (!override && !existsSync(name)) return undefined;
  const binary = existsSync(name) ? readFileSync(name, 'utf8') : (BINARIES[process.platform] ?? 'electron');
  const path = join(override || join(electronPackage, 'dist'), binary);
  return existsSync(path) ? path : undefined;
}

export interface FetchOptions {
  /** Milliseconds after which the result is `slow`; the download continues in the background. */
  timeoutMs: number;
  /** Called with the downloaded and the total bytes. */
  onProgress: (done: number, total: number) => void;
  /** The download program. */
  script?: string;
}

/** Downloads the binary and verifies it with the checksums of its npm package. */
export function fetchElectron(
  electronPackage: string,
  { timeoutMs, onProgress, script = join(import.meta.dirname, 'fetch-electron.ts') }: FetchOptions,
): Promise<Fetched> {
  return new Promise((resolve) => {
    const child = fork(script, [electronPackage], {
      execArgv: [],
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Use the proxies of the environment, as npm does.
      env: { ...electronEnvironment(), NODE_USE_ENV_PROXY: '1' },
    });
    const timer = setTimeout(() => {
      resolve({ kind: 'slow' });
      child.unref();
      child.channel?.unref();
    }, timeoutMs);
    const settle = (fetched: Fetched) => {
      clearTimeout(timer);
      resolve(fetched);
    };
    child.on('message', (message: FetchMessage) => {
      if (message.type === 'progress') onProgress(message.done, message.total);
      else settle(message.type === 'done' ? { kind: 'done' } : { kind: 'failed', reason: message.reason });
    });
    child.on('error', ({ message }) => settle({ kind: 'failed', reason: message }));
    child.on('exit', (code, signal) =>
      settle({
        kind: 'failed',
        reason: `the download process ended early (${signal ?? `exit code ${code}`})`,
      }),
    );
  });
}

/** Whether a display for windows is available. */
export function hasDisplay(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): boolean {
  return platform !== 'linux' || Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
}
