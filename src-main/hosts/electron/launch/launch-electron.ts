import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { electronEnvironment } from '../../../platform/child-environment.ts';
import { READY_FILE, type Stage } from './announce-ready.ts';

export interface LaunchOptions {
  /** Milliseconds for Electron to run our code. */
  startTimeoutMs?: number;
  /** Milliseconds from then on for something to be on screen; opening a store may take a migration. */
  windowTimeoutMs?: number;
}

/** What became of it: `up` until it ended, `stopped` by a signal to us, or not up at all. */
export type Launch =
  | { kind: 'ended' | 'stopped'; exitCode: number }
  | { kind: 'failed'; /** Why, a part of a sentence. */ reason: string };

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes on a Ctrl-C that the terminal has sent to us already; Electron takes a second signal for "at once". */
const SAME_SIGNAL_MS = 1000;
/** An Electron that did not come up has this long to end by itself. */
const END_MS = 2000;
const LOOK_EVERY_MS = 100;
/** So much of what Electron writes is kept until it is up. */
const KEPT_OUTPUT = 65_536;

/**
 * Runs Electron until it ends, passing signals on. Where it does not come up it is ended, and the reason is taken from what
 * it wrote; what an Electron that came up writes goes to our stderr.
 *
 * @param args the shell's entry and the arguments of the application
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
    // In a group of its own, a Ctrl-C of the terminal comes from us, once.
    detached: process.platform !== 'win32',
    // A hidden start would hide the window itself on Windows.
    windowsHide: false,
    env: { ...electronEnvironment(), [READY_FILE]: ready },
  });
  const output = keepOutput(child);
  const signals = passSignalsOn(child);
  const ended = endOf(child);
  try {
    const failure = await comesUp(ready, ended, { startTimeoutMs, windowTimeoutMs });
    if (failure !== undefined && signals.last === undefined) {
      await end(child, ended);
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
  /** How it ended, a part of a sentence. */
  words: string;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.on('error', (cause) => resolve({ exitCode: 1, words: `it cannot be run: ${cause.message}` }));
    child.on('close', (code, signal) => {
      if (signal === null) resolve({ exitCode: code ?? 1, words: `it ended with exit code ${code}` });
      else resolve({ exitCode: 128 + os.constants.signals[signal], words: `it ended by ${signal}` });
    });
  });
}

/** Waits for Electron to be ready. @returns why it is not, or undefined */
async function comesUp(
  ready: string,
  ended: Promise<End>,
  { startTimeoutMs, windowTimeoutMs }: Required<LaunchOptions>,
): Promise<string | undefined> {
  let end: End | undefined;
  void ended.then((how) => (end = how));
  const start = performance.now();
  let started: number | undefined;
  for (;;) {
    // A window that was closed at once was up.
    const stage = readFileSync(ready, 'utf8') as Stage | '';
    if (stage.startsWith('ready')) return undefined;
    if (end !== undefined) return (end as End).words;
    const now = performance.now();
    if (stage !== '') started ??= now;
    if (now > (started === undefined ? start + startTimeoutMs : started + windowTimeoutMs)) {
      return started === undefined ? 'it did not start Perch' : 'no window came up';
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.pid === undefined) return;
  killWhole(child.pid, 'SIGTERM');
  await Promise.race([ended, sleep(END_MS)]);
  killWhole(child.pid, 'SIGKILL');
  child.stderr?.destroy();
}

/** Ends Electron and the processes that it started, which would hold our terminal. On Windows they end with it. */
function killWhole(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // They have ended already.
  }
}

function passSignalsOn(child: ChildProcess): { last: NodeJS.Signals | undefined; stop(): void } {
  const passing = { last: undefined as NodeJS.Signals | undefined, stop };
  let at = -Infinity;
  const pass = (signal: NodeJS.Signals) => {
    if (performance.now() - at < SAME_SIGNAL_MS) return;
    at = performance.now();
    passing.last = signal;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  function stop() {
    for (const signal of SIGNALS) process.off(signal, pass);
  }
  return passing;
}

/** Keeps what a child writes to its stderr until it is released; from then on it goes to ours. */
function keepOutput(child: ChildProcess): { readonly text: string; release(): void } {
  let text = '';
  let released = false;
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    if (released) process.stderr.write(chunk);
    else text = (text + chunk).slice(-KEPT_OUTPUT);
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

/** Lines by which Electron, the loader and the X library say why it does not start, most telling first. */
const ERROR_PATTERNS = [
  /:FATAL:/,
  /error while loading shared libraries/,
  /Error: /,
  /display|X server/i,
  /:ERROR:/,
];

/** The line that says why Electron does not start, without what Chromium writes before it. */
export function findErrorLine(output: string): string | undefined {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = ERROR_PATTERNS.map((sign) => lines.find((line) => sign.test(line))).find(
    (line) => line !== undefined,
  );
  const line = (telling ?? lines.at(-1))?.replace(/^\[[^\]]*\]\s*/, '').replace(/\.$/, '');
  if (line === undefined) return undefined;
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
