import { fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { electronEnvironment } from '../../../platform/child-environment.ts';

/** What the process that fetches the binary tells. */
export type FetchMessage =
  { type: 'progress'; done: number; total: number } | { type: 'done' } | { type: 'failed'; reason: string };

/** The binary is there; it is still on its way, for as long as this process lives; or it could not be had. */
export type Fetched = { kind: 'done' } | { kind: 'slow' } | { kind: 'failed'; reason: string };

const BINARIES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** The Electron binary that belongs to its npm package or lies in a folder of the person's own, or nothing where none is there. */
export function findElectron(electronPackage: string, environment: NodeJS.ProcessEnv): string | undefined {
  const own = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  // The package writes this file last: without it only half of the binary may be there.
  const name = join(electronPackage, 'path.txt');
  if (!own && !existsSync(name)) return undefined;
  const binary = existsSync(name) ? readFileSync(name, 'utf8') : (BINARIES[process.platform] ?? 'electron');
  const path = join(own || join(electronPackage, 'dist'), binary);
  return existsSync(path) ? path : undefined;
}

export interface FetchOptions {
  /** Milliseconds after which a person is not kept waiting any longer; what comes goes on coming. */
  timeoutMs: number;
  /** Called with the bytes that are there and those expected. */
  onProgress: (done: number, total: number) => void;
  /** The program that fetches. */
  script?: string;
}

/** Fetches the binary, checked against the checksums of its npm package. It may not be had: without a network, for one. */
export function fetchElectron(
  electronPackage: string,
  { timeoutMs, onProgress, script = join(import.meta.dirname, 'fetch-electron.ts') }: FetchOptions,
): Promise<Fetched> {
  return new Promise((resolve) => {
    const child = fork(script, [electronPackage], {
      execArgv: [],
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Proxies are taken from the environment, as npm does.
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
      settle({ kind: 'failed', reason: `what fetches it ended early (${signal ?? `exit code ${code}`})` }),
    );
  });
}

/** Whether there is a screen to open a window on. */
export function hasDisplay(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): boolean {
  return platform !== 'linux' || Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
}
