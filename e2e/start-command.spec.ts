import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** `npm start` after a build, with scripts in place of Electron. */
const root = join(import.meta.dirname, '..');
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perch-start-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function electron(script: string): string {
  const dist = join(folder, 'dist');
  mkdirSync(dist);
  writeFileSync(join(dist, 'electron'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(dist, 'electron'), 0o755);
  return dist;
}

interface Started {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts Perch, ends it when the browser host prints its address, and returns its output. */
function start(environment: NodeJS.ProcessEnv, args: string[] = []): Promise<Started> {
  const { ELECTRON_OVERRIDE_DIST_PATH: _, ...own } = process.env;
  const host = spawn(process.execPath, [join(root, 'src-main/hosts/start.ts'), ...args], {
    cwd: root,
    env: { ...own, DISPLAY: ':99', PERCH_HOME: join(folder, 'home'), INIT_CWD: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const started: Started = { code: null, stdout: '', stderr: '' };
  host.stdout.on('data', (chunk: Buffer) => {
    started.stdout += chunk.toString();
    if (/Perch is at http/.test(started.stdout)) host.kill('SIGTERM');
  });
  host.stderr.on('data', (chunk: Buffer) => (started.stderr += chunk.toString()));
  return new Promise((resolve) => host.on('close', (code) => resolve({ ...started, code })));
}

const opensInBrowser = (started: Started, reason: RegExp) => {
  expect(started.stdout).toMatch(/^Perch is at http:\/\/127\.0\.0\.1:\d+\//);
  expect(started.stderr.trim().split('\n')).toEqual([expect.stringMatching(reason)]);
  expect(started.code).toBe(0);
};

describe.skipIf(process.platform === 'win32')('npm start', () => {
  it('opens in the browser if Electron crashes, and prints the reason in one line', async () => {
    const ELECTRON_OVERRIDE_DIST_PATH = electron(
      `echo '[1:2:FATAL:setuid_sandbox_host.cc(158)] The SUID sandbox helper binary is not configured.' >&2; exit 1`,
    );
    opensInBrowser(
      await start({ ELECTRON_OVERRIDE_DIST_PATH }),
      /^Electron did not start \(The SUID sandbox helper binary is not configured\)\. Perch opens in a browser instead\.$/,
    );
  });

  it('opens in the browser if Electron cannot be executed or shows no window', async () => {
    const dist = electron('sleep 1000');
    opensInBrowser(await start({ ELECTRON_OVERRIDE_DIST_PATH: dist }), /it did not start Perch/);
    chmodSync(join(dist, 'electron'), 0o644);
    opensInBrowser(await start({ ELECTRON_OVERRIDE_DIST_PATH: dist }), /cannot be run.*EACCES/);
  });

  it('opens in the browser if there is no display', async () => {
    opensInBrowser(await start({ DISPLAY: '', WAYLAND_DISPLAY: '' }), /^There is no display\. Perch opens/);
  });

  it('passes arguments, working directory and exit code through', async () => {
    writeFileSync(join(folder, 'cloth.png'), '');
    const ELECTRON_OVERRIDE_DIST_PATH = electron(
      `printf ready > "$PERCH_READY_FILE"; printf '%s\\n' "$@" > ${folder}/args; exit 5`,
    );
    const started = await start({ ELECTRON_OVERRIDE_DIST_PATH }, [
      'cloth.png',
      '--disable-gpu',
      'absent.png',
    ]);
    expect(started).toEqual({ code: 5, stdout: '', stderr: '' });
    expect(readFileSync(join(folder, 'args'), 'utf8').trim().split('\n')).toEqual([
      join(root, 'dist/electron/main.js'),
      join(folder, 'cloth.png'),
      '--disable-gpu',
      'absent.png',
    ]);
  });
});
