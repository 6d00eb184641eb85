import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fetchElectron, findElectron, hasScreen } from './electron/binary.ts';

/** `npm start`: Perch on the desktop; in a browser where there is no Electron or no screen. */
const root = join(import.meta.dirname, '../..');
const electronPackage = join(root, 'node_modules/electron');
const shell = join(root, 'dist/electron/main.js');
const patience = 120_000;

function electron(): string | undefined {
  const found = findElectron(electronPackage, process.env);
  if (found !== undefined || process.env['ELECTRON_SKIP_BINARY_DOWNLOAD'] !== undefined) return found;
  console.error('Fetching Electron, which is done once and may take two minutes…');
  fetchElectron(electronPackage, patience);
  return findElectron(electronPackage, process.env);
}

async function openInstead(why: string): Promise<void> {
  console.error(`${why}, so Perch opens in a browser.`);
  await import('./web/main.ts');
}

if (!existsSync(shell)) {
  console.error('Perch is not built yet: run `npm run build` first.');
  process.exitCode = 1;
} else if (!hasScreen(process.platform, process.env)) {
  await openInstead('There is no screen here');
} else {
  const binary = electron();
  if (binary === undefined) await openInstead('No Electron binary could be had');
  else spawn(binary, [shell], { stdio: 'inherit' }).on('exit', (code) => (process.exitCode = code ?? 1));
}
