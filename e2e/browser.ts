import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { onDesktop } from './desktop.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FLAGS = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Starts a Chromium: the one that `PERCH_CHROMIUM` names, one of this machine, Playwright's own, or one installed now.
 *
 * @returns undefined, with a loud word, where none can be had
 * @throws where none can be had and `CI` is `true`: there, a journey that was not made is a failure
 */
export async function startBrowser(): Promise<Browser | undefined> {
  // The desktop application is its own browser; what stands for one can only be closed.
  if (onDesktop) return { close: () => Promise.resolve() } as Browser;
  const executablePath = findChromium() ?? installChromium();
  if (executablePath === undefined) {
    const message = 'No Chromium was found and none could be installed: set PERCH_CHROMIUM to one.';
    if (process.env.CI === 'true') throw new Error(message);
    console.warn(`\n*** JOURNEYS SKIPPED. ${message} ***\n`);
    return undefined;
  }
  // Chromium's sandbox refuses to run as root.
  const args = process.getuid?.() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS;
  return await chromium.launch({ executablePath, args });
}

function findChromium(): string | undefined {
  const named = process.env.PERCH_CHROMIUM;
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(':');
  const installed = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...installed, chromium.executablePath()].find(isExecutable);
}

function installChromium(): string | undefined {
  try {
    if (isDebian() && process.getuid?.() === 0) {
      run('apt-get', ['update', '-qq']);
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-core']);
    } else {
      run(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium']);
    }
  } catch (thrown) {
    console.warn('Chromium could not be installed:', thrown instanceof Error ? thrown.message : thrown);
  }
  return findChromium();
}

function run(command: string, args: string[]): void {
  execFileSync(command, args, {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
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
