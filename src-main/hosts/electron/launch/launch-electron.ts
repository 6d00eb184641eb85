import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { electronEnvironment } from '../../../platform/child-environment.ts';
import { READY_FILE, type Stage } from './announce-ready.ts';

export interface LaunchOptions {
  /** Maximum number of milliseconds until Electron runs Perch's code. */
  startTimeoutMs?: number;
  /**
   * Maximum number of milliseconds from then until something is on screen. The store may have to be migrated
   * first.
   */
  windowTimeoutMs?: number;
}

/**
 * How a launch ended: Electron exited after it had started, a signal to this process stopped it, or it failed
 * to start.
 */
export type Launch =
  | { kind: 'ended' | 'stopped'; exitCode: number }
  | { kind: 'failed'; /** The reason, as part of a sentence. */ reason: string };

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/**
 * Ctrl-C in a terminal reaches this process twice, from the terminal and from npm. Electron would quit
 * immediately at a second signal.
 */
const SAME_SIGNAL_MS = 1000;
/** Time between SIGTERM and SIGKILL. */
const KILL_DELAY_MS = 2000;
const POLL_MS = 100;
/** Maximum number of characters of Electron's output that are buffered until it has started. */
const MAX_BUFFERED = 65_536;

/**
 * Runs Electron until it exits, and forwards signals to it. If it does not start, kills it and takes the
 * reason from its output. Once it has started, its output goes to this process's stderr.
 *
 * @param args the entry script and the arguments of the application
 */
export async function launchElectron(
  binary: string,
  args: readonly string[],
  { startTimeoutMs = 10_000, windowTimeoutMs = 60_000 }: LaunchOptions = {},
): Promise<Launch> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-start-'));
  const ready = join(folder, 'ready');
  writeFileSync(ready, '', { mode: 0o600 });
  const child = spawn(binary, args, {
    stdio: ['ignore', 'inherit', 'pipe'],
    // In a separate process group, it receives Ctrl-C only from this process, and only once.
    detached: process.platform !== 'win32',
    // On Windows, a hidden start would hide the window as well.
    windowsHide: false,
    env: { ...electronEnvironment(), [READY_FILE]: ready },
  });
  const output = bufferOutput(child);
  const signals = forwardSignals(child);
  const ended = endOf(child);
  try {
    const failure = await waitUntilReady(ready, ended, { startTimeoutMs, windowTimeoutMs });
    if (failure !== undefined && signals.last === undefined) {
      await kill(child, ended);
      return { kind: 'failed', reason: findErrorLine(output.text) ?? failure };
    }
    output.release();
    const { exitCode } = await ended;
    return { kind: signals.last === undefined ? 'ended' : 'stopped', exitCode };
  } finally {
    signals.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface End {
  exitCode: number;
  /** How it ended, as part of a sentence. */
  description: string;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.on('error', (cause) => resolve({ exitCode: 1, description: `it cannot be run: ${cause.message}` }));
    child.on('close', (code, signal) => {
      if (signal === null) resolve({ exitCode: code ?? 1, description: `it ended with exit code ${code}` });
      else
        resolve({ exitCode: 128 + os.constants.signals[signal], description: `it was ended by ${signal}` });
    });
  });
}

/** Waits until Electron is ready. @returns why it is not, or undefined */
async function waitUntilReady(
  ready: string,
  ended: Promise<End>,
  { startTimeoutMs, windowTimeoutMs }: Required<LaunchOptions>,
): Promise<string | undefined> {
  let end: End | undefined;
  void ended.then((how) => (end = how));
  const start = performance.now();
  let started: number | undefined;
  for (;;) {
    // Checked before the exit, because a window that was closed immediately had started.
    const stage = readFileSync(ready, 'utf8') as Stage | '';
    if (stage.startsWith('ready')) return undefined;
    if (end !== undefined) return (end as End).description;
    const now = performance.now();
    if (stage !== '') started ??= now;
    if (now > (started === undefined ? start + startTimeoutMs : started + windowTimeoutMs)) {
      return started === undefined ? 'it did not start Perch' : 'no window appeared';
    }
    await sleep(POLL_MS);
  }
}

async function kill(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.pid === undefined) return;
  killGroup(child.pid, 'SIGTERM');
  await Promise.race([ended, sleep(KILL_DELAY_MS)]);
  killGroup(child.pid, 'SIGKILL');
  child.stderr?.destroy();
}

/** Kills Electron and its child processes, which would block the terminal. On Windows they end with it. */
function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // They have already ended.
  }
}

function forwardSignals(child: ChildProcess): { last: NodeJS.Signals | undefined; stop(): void } {
  const forwarded = { last: undefined as NodeJS.Signals | undefined, stop };
  let lastAt = -Infinity;
  const forward = (signal: NodeJS.Signals) => {
    if (performance.now() - lastAt < SAME_SIGNAL_MS) return;
    lastAt = performance.now();
    forwarded.last = signal;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  function stop() {
    for (const signal of SIGNALS) process.off(signal, forward);
  }
  return forwarded;
}

/**
 * Buffers a child process's stderr until it is released, and forwards it to this process's stderr from then
 * on.
 */
function bufferOutput(child: ChildProcess): { readonly text: string; release(): void } {
  let text = '';
  let released = false;
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    if (released) process.stderr.write(chunk);
    else text = (text + chunk).slice(-MAX_BUFFERED);
  });
  return {
    get text() {
      return text;
    },
    release() {
      released = true;
      process.stderr.write(text);
    },
  };
}

/** Patterns of lines in which Electron, the loader and the X library explain a failure, most specific first. */
const ERROR_PATTERNS = [
  /:FATAL:/,
  /error while loading shared libraries/,
  /Error: /,
  /display|X server/i,
  /:ERROR:/,
];

/** The line that explains why Electron does not start, without Chromium's prefix. */
export function findErrorLine(output: string): string | undefined {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const match = ERROR_PATTERNS.map((pattern) => lines.find((line) => pattern.test(line))).find(
    (line) => line !== undefined,
  );
  const line = (match ?? lines.at(-1))?.replace(/^\[[^\]]*\]\s*/, '').replace(/\.$/, '');
  if (line === undefined) return undefined;
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
