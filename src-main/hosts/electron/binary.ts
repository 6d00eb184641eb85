import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The Electron binary that belongs to its npm package, or nothing where it was not fetched yet. */
export function findElectron(electronPackage: string, environment: NodeJS.ProcessEnv): string | undefined {
  const name = join(electronPackage, 'path.txt');
  if (!existsSync(name)) return undefined;
  const folder = environment['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(electronPackage, 'dist');
  const binary = join(folder, readFileSync(name, 'utf8'));
  return existsSync(binary) ? binary : undefined;
}

/**
 * Fetches the binary by the package's own script, which checks it against the package's checksums. It may not be
 * had: without a network, for one. Waits for `patience` milliseconds at most.
 */
export function fetchElectron(electronPackage: string, patience: number): void {
  spawnSync(process.execPath, [join(electronPackage, 'install.js')], {
    stdio: 'ignore',
    timeout: patience,
    killSignal: 'SIGKILL',
  });
}

/** Whether there is a screen to open a window on. */
export function hasScreen(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): boolean {
  return platform !== 'linux' || Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);
}
