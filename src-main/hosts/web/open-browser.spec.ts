import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openInBrowser } from './open-browser.ts';

const url = 'http://127.0.0.1:1/?token=secret';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-spec-'));
  mkdirSync(join(folder, 'home'));
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  vi.stubEnv('HOME', join(folder, 'home'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Creates a program that records its arguments and standard input. */
function program(name: string): void {
  writeFileSync(
    join(folder, name),
    `#!/bin/sh\ncat > ${folder}/input\nprintf '%s\\n' "$@" > ${folder}/args.part\nmv ${folder}/args.part ${folder}/args\n`,
  );
  chmodSync(join(folder, name), 0o755);
}

async function args(): Promise<string[]> {
  await vi.waitFor(() => expect(existsSync(join(folder, 'args'))).toBe(true), 5000);
  return readFileSync(join(folder, 'args'), 'utf8').trim().split('\n');
}

describe.skipIf(process.platform === 'win32')('a secret URL', () => {
  it('is in a private file on Linux, which is removed afterwards', async () => {
    program('xdg-open');
    const remove = await openInBrowser(url, 'linux');
    const [address] = await args();
    expect(address).not.toContain('secret');
    const page = fileURLToPath(address);
    expect(readFileSync(page, 'utf8')).toContain(`content="0; url=${url}"`);
    expect(statSync(page).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(page)).mode & 0o777).toBe(0o700);
    await remove();
    expect(existsSync(dirname(page))).toBe(false);
  });

  it('is on the standard input of the program on macOS', async () => {
    program('osascript');
    await openInBrowser(url, 'darwin');
    expect(await args()).toEqual(['-']);
    expect(readFileSync(join(folder, 'input'), 'utf8')).toBe(`open location "${url}"\n`);
  });

  it('is not opened if there is no program, without an error', async () => {
    vi.stubEnv('PATH', folder);
    await (
      await openInBrowser(url, 'linux')
    )();
  });
});
