import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PACKAGES = ['chromium', 'fonts-noto-core'];
/** How long to wait while another process holds a lock of the package manager. */
const LOCK_TIMEOUT_MS = 300_000;
const LOCK_RETRY_MS = 2_000;

/** Path of Chromium: `PERCH_CHROMIUM`, an installed one on `PATH`, or Playwright's. */
export function findChromium(): string | undefined {
  const named = process.env.PERCH_CHROMIUM;
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(':');
  const installed = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...installed, chromium.executablePath()].find(isExecutable);
}

/**
 * Path of Chromium, which is installed if missing. `global-setup.ts` calls this once before all spec files.
 *
 * @throws if it is missing and the installation fails, so that no test is skipped silently
 */
export function provideChromium(): string {
  const found = findChromium() ?? installChromium();
  if (found === undefined)
    throw new Error(
      'The end-to-end tests need Chromium, which was not found and could not be installed. Set PERCH_CHROMIUM to its path.',
    );
  return found;
}

function installChromium(): string | undefined {
  console.warn('Installing Chromium for the end-to-end tests…');
  try {
    if (isDebian() && process.getuid?.() === 0) {
      aptGet(['update', '-qq']);
      aptGet(['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES]);
    } else {
      execFileSync(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium'], {
        cwd: join(import.meta.dirname, '../..'),
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    }
  } catch (thrown) {
    console.warn('Could not install Chromium:', thrown instanceof Error ? thrown.message : thrown);
  }
  return findChromium();
}

/**
 * Runs `apt-get`, and waits while another process holds one of its locks, because its own time-out covers
 * only dpkg's lock.
 */
function aptGet(args: readonly string[]): void {
  const deadline = Date.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    const { status, stderr, error } = spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    });
    if (error) throw error;
    if (status === 0) return;
    if (!/could not get lock|unable to (acquire|lock)/i.test(stderr) || Date.now() > deadline)
      throw new Error(`apt-get ${args[0]}: ${stderr.trim()}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_RETRY_MS);
  }
}

function isDebian(): boolean {
  return (
    existsSync('/etc/os-release') && /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
