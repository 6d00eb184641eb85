import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Desktop, onDesktop } from './desktop.ts';

export interface HostOptions {
  /** Data directory, which is kept; by default a temporary one that is deleted with the host. */
  home?: string;
  /** Variables in addition to the tests' environment. */
  env?: NodeJS.ProcessEnv;
  /** Port of the browser host; a free one by default. */
  port?: string;
}

/** A host process: the browser host or the desktop application. */
export interface Host {
  /** Set for the desktop application, which has no address. */
  readonly desktop?: Desktop;
  /** Address that logs in once. `restart` changes it, but keeps the port. */
  readonly url: string;
  /** Data directory. */
  readonly home: string;
  /** Stops the host and starts it again on the same data directory. `SIGKILL` simulates a power cut. */
  restart(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** The two steps of `restart`. */
  kill(): Promise<void>;
  revive(): Promise<void>;
  stop(): Promise<void>;
}

export async function startHost({ home, env, port = '0' }: HostOptions = {}): Promise<Host> {
  const folder = home ?? (await mkdtemp(join(tmpdir(), 'perch-home-')));
  const environment = { ...process.env, ...env, PERCH_HOME: folder };
  const host = onDesktop ? desktopHost(folder, env) : await webHost(folder, environment, port);
  return {
    ...host,
    get url() {
      return host.url;
    },
    async stop() {
      await host.stop();
      if (home === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function desktopHost(home: string, env: NodeJS.ProcessEnv = {}): Host {
  const desktop = new Desktop({ home, env });
  return {
    desktop,
    url: '',
    home,
    restart: (signal = 'SIGTERM') => desktop.end(signal),
    kill: () => desktop.end('SIGKILL'),
    // The next `open` starts it.
    revive: () => Promise.resolve(),
    stop: () => desktop.end('SIGTERM'),
  };
}

async function webHost(home: string, environment: NodeJS.ProcessEnv, port: string): Promise<Host> {
  let running = await start(environment, port);
  const host: Host = {
    get url() {
      return running.url;
    },
    home,
    async restart(signal = 'SIGTERM') {
      await end(running.process, signal);
      await host.revive();
    },
    kill: () => end(running.process, 'SIGKILL'),
    async revive() {
      running = await start(environment, new URL(running.url).port);
    },
    stop: () => end(running.process, 'SIGTERM'),
  };
  return host;
}

async function start(env: NodeJS.ProcessEnv, port: string): Promise<{ process: ChildProcess; url: string }> {
  const host = spawn(process.execPath, ['src-main/hosts/web/main.ts', '--no-open', `--port=${port}`], {
    cwd: join(import.meta.dirname, '../..'),
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: host.stdout })) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url) return { process: host, url };
  }
  throw new Error('The browser host ended before it printed its address.');
}

async function end(host: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null || !host.kill(signal)) return;
  await once(host, 'exit');
}
