import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** How long the package manager may be busy with somebody else's work, in seconds. */
const LOCK_PATIENCE = 300;

/** The Chromium that `PERCH_CHROMIUM` names, one of this machine, or Playwright's own. */
export function findChromium(): string | undefined {
  const named = process.env.PERCH_CHROMIUM;
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(':');
  const installed = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...installed, chromium.executablePath()].find(isExecutable);
}

/**
 * Installs Chromium where there is none. Once for all journeys (global-setup.ts): two installations at a time would
 * stand in each other's way.
 *
 * @throws where none can be had
 */
export function provideChromium(): string {
  const found = findChromium() ?? installChromium();
  if (found === undefined)
    throw new Error(
      'The journeys need a Chromium; none was found and none could be installed. Set PERCH_CHROMIUM to one.',
    );
  return found;
}

function installChromium(): string | undefined {
  console.warn('Installing Chromium for the journeys…');
  try {
    if (isDebian() && process.getuid?.() === 0) {
      const wait = ['-o', `DPkg::Lock::Timeout=${LOCK_PATIENCE}`];
      run('apt-get', [...wait, 'update', '-qq']);
      run('apt-get', [
        ...wait,
        'install',
        '-y',
        '-qq',
        '--no-install-recommends',
        'chromium',
        'fonts-noto-core',
      ]);
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
