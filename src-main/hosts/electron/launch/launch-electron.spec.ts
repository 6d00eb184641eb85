import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { launchElectron, findErrorLine } from './launch-electron.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-spec-'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Writes a shell script that replaces Electron; `say ready` announces a stage. */
function electron(script: string): string {
  const path = join(folder, 'electron');
  const say = 'say() { printf "%s" "$1" > "$PERCH_READY_FILE"; }';
  writeFileSync(path, `#!/bin/sh\n${say}\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Whether a process runs; a zombie does not. */
function isRunning(pid: string): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

const short = { startTimeoutMs: 700, windowTimeoutMs: 700 };
const written = () =>
  vi
    .mocked(process.stderr.write)
    .mock.calls.map(([text]) => String(text))
    .join('');

describe.skipIf(process.platform === 'win32')('an Electron that starts', () => {
  it('runs until it exits; its output and exit code are passed on', async () => {
    const binary = electron(
      `echo early >&2; say ready; echo "$@" > ${folder}/args; sleep 0.3; echo late >&2; exit 3`,
    );
    expect(await launchElectron(binary, ['main.js', '/a b.png', '--flag'])).toEqual({
      kind: 'ended',
      exitCode: 3,
    });
    expect(readFileSync(join(folder, 'args'), 'utf8')).toBe('main.js /a b.png --flag\n');
    expect(written()).toBe('early\nlate\n');
  });

  it('counts as started even if its window was closed immediately', async () => {
    expect(await launchElectron(electron('say ready'), [])).toEqual({ kind: 'ended', exitCode: 0 });
  });

  it('has more time for its window once it has started', async () => {
    const binary = electron('sleep 0.5; say starting; sleep 0.6; say ready');
    expect(await launchElectron(binary, [], { startTimeoutMs: 800, windowTimeoutMs: 5000 })).toMatchObject({
      kind: 'ended',
    });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'receives %s once and exits by itself',
    async (signal) => {
      const name = signal.slice(3);
      const binary = electron(
        `trap 'echo ${name} >> ${folder}/signals; [ -n "$going" ] || { going=1; sleep 0.3; exit 7; }' ${name}
       say ready; touch ${folder}/up; while :; do sleep 0.05; done`,
      );
      const launch = launchElectron(binary, []);
      await vi.waitFor(() => expect(existsSync(join(folder, 'up'))).toBe(true), 5000);
      // Emitted, not sent, so that the test runner does not exit.
      process.emit(signal, signal);
      process.emit(signal, signal);
      expect(await launch).toEqual({ kind: 'stopped', exitCode: 7 });
      expect(readFileSync(join(folder, 'signals'), 'utf8')).toBe(`${name}\n`);
    },
  );

  it('runs without ELECTRON_RUN_AS_NODE and NODE_OPTIONS', async () => {
    vi.stubEnv('ELECTRON_RUN_AS_NODE', '1');
    vi.stubEnv('NODE_OPTIONS', '--require /nowhere.js');
    const binary = electron(`say ready; echo "$ELECTRON_RUN_AS_NODE$NODE_OPTIONS" > ${folder}/env`);
    await launchElectron(binary, []);
    expect(readFileSync(join(folder, 'env'), 'utf8')).toBe('\n');
  });
});

describe.skipIf(process.platform === 'win32')('an Electron that does not start', () => {
  const reasonOf = async (binary: string) => {
    const launch = await launchElectron(binary, [], short);
    expect(launch.kind).toBe('failed');
    return launch.kind === 'failed' ? launch.reason : '';
  };

  it('is reported with the line that explains it', async () => {
    const sandbox =
      '[12:0101/000000.1:FATAL:setuid_sandbox_host.cc(158)] The SUID sandbox helper binary was found.';
    const binary = electron(`echo noise >&2; echo '${sandbox}' >&2; echo '#0 0x55 stack' >&2; exit 1`);
    expect(await reasonOf(binary)).toBe('The SUID sandbox helper binary was found');
    expect(written()).toBe('');
  });

  it('is reported with its exit code or signal if it wrote nothing', async () => {
    expect(await reasonOf(electron('exit 1'))).toBe('it ended with exit code 1');
    expect(await reasonOf(electron('kill -SEGV $$'))).toBe('it was ended by SIGSEGV');
    expect(await reasonOf(electron('exit 0'))).toBe('it ended with exit code 0');
  });

  it('is reported if it cannot be run', async () => {
    const binary = electron('exit 0');
    chmodSync(binary, 0o644);
    expect(await reasonOf(binary)).toMatch(/^it cannot be run: .*EACCES/);
    expect(await reasonOf(join(folder, 'absent'))).toMatch(/^it cannot be run: .*ENOENT/);
    writeFileSync(binary, '\x7fELFnonsense', { mode: 0o755 });
    chmodSync(binary, 0o755);
    expect(await reasonOf(binary)).not.toBe('');
  });

  it.each([
    ['runs but never starts Perch', '', 'it did not start Perch'],
    ['starts Perch but shows no window', 'say starting;', 'no window appeared'],
  ])('%s: it is killed, even if it ignores SIGTERM', async (_, first, reason) => {
    const script = `${first} trap '' TERM; echo $$ > ${folder}/pid; while :; do sleep 0.05; done`;
    expect(await reasonOf(electron(script))).toBe(reason);
    await sleep(100);
    expect(isRunning(readFileSync(join(folder, 'pid'), 'utf8').trim())).toBe(false);
  });

  it('is killed with its child processes', async () => {
    expect(await reasonOf(electron(`sleep 60 & echo $! > ${folder}/pid; wait`))).toBe(
      'it did not start Perch',
    );
    await sleep(100);
    expect(isRunning(readFileSync(join(folder, 'pid'), 'utf8').trim())).toBe(false);
  });

  it('is reported as stopped if this process received a signal', async () => {
    const launch = launchElectron(electron('exec sleep 60'), [], { startTimeoutMs: 30_000 });
    await sleep(300);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await launch).toEqual({ kind: 'stopped', exitCode: 143 });
  });
});

describe('the line that explains a failure', () => {
  it.each([
    [
      'electron: error while loading shared libraries: libnss3.so: cannot open shared object file',
      /libnss3\.so/,
    ],
    [
      '[1:2:ERROR:ozone.cc(1)] Missing X server or $DISPLAY\n[1:2:ERROR:env.cc(2)] The platform failed to initialize.  Exiting.',
      /^Missing X server or \$DISPLAY$/,
    ],
    [
      '[1:2:FATAL:x.cc(9)] Running as root without --no-sandbox is not supported. See https://crbug.com/638180.',
      /^Running as root/,
    ],
    ['App threw an error during load\nError: ENOENT: no such file\n    at open', /^Error: ENOENT/],
  ])('is found in %j', (output, expected) => expect(findErrorLine(output)).toMatch(expected));

  it('is undefined if there is no output', () => expect(findErrorLine('\n')).toBeUndefined());
});
