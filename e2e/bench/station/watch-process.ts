import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const start = fileURLToPath(new URL('../../../src-main/hosts/cli/start.js', import.meta.url));

/** Resident memory in MiB. */
export interface Memory {
  host: number;
  engine: number;
}

/** `perch watch` in a process of its own, which can be killed. */
export class WatchProcess {
  readonly #folder: string;
  readonly #home: string;
  readonly #arguments: readonly string[];
  readonly #halts = new Set<string>();
  #child: ChildProcess | undefined;

  constructor(folder: string, home: string, options: readonly string[]) {
    this.#folder = folder;
    this.#home = home;
    this.#arguments = options;
  }

  /** The reasons for which the station halted. */
  get halts(): readonly string[] {
    return [...this.#halts];
  }

  async start(): Promise<void> {
    const command = [start, 'watch', this.#folder, '--json', ...this.#arguments];
    const child = spawn(process.execPath, command, {
      env: { ...process.env, PERCH_HOME: this.#home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      const record = JSON.parse(line) as { status?: { halted: { message: string } | null } };
      if (record.status?.halted) this.#halts.add(record.status.halted.message);
    });
    await once(lines, 'line');
  }

  async end(signal: 'SIGKILL' | 'SIGINT'): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await exited)[0];
  }

  /** Only on Linux. */
  memory(): Memory {
    const pid = this.#child?.pid ?? 0;
    const engines = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && statusOf(name, 'PPid') === pid)
      .map((name) => statusOf(name, 'VmRSS') / 1024);
    return { host: statusOf(String(pid), 'VmRSS') / 1024, engine: Math.max(0, ...engines) };
  }
}

function statusOf(pid: string, field: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
