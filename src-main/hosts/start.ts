import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { remedyFor } from '../platform/remedies.ts';
import { downloadBar } from './download-bar.ts';
import { fetchElectron, findElectron, hasDisplay } from './electron/launch/electron-binary.ts';
import { launchElectron } from './electron/launch/launch-electron.ts';
import { guardTerminal } from './guard-terminal.ts';
import { runWebHost } from './web/run-web-host.ts';

/**
 * `npm start [-- FILES, FOLDERS, FLAGS]`: Perch on the desktop; in a browser, with one line that says why, where there is no
 * screen or Electron does not come up.
 */
const root = join(import.meta.dirname, '../..');
const electronPackage = join(root, 'node_modules/electron');
const shell = join(root, 'dist/electron/main.js');
/** A person is not kept waiting longer for a download. */
const FETCH_TIMEOUT_MS = 180_000;

/** Arguments for the application. npm runs us in the project's folder; paths are meant from where the person is. */
const given = process.argv.slice(2).map((argument) => {
  const path = resolve(process.env['INIT_CWD'] ?? '.', argument);
  return !argument.startsWith('-') && existsSync(path) ? path : argument;
});

async function electron(): Promise<{ binary: string } | { reason: string }> {
  const found = findElectron(electronPackage, process.env);
  if (found !== undefined) return { binary: found };
  if (process.env['ELECTRON_SKIP_BINARY_DOWNLOAD'] !== undefined)
    return { reason: 'Electron is not here and ELECTRON_SKIP_BINARY_DOWNLOAD is set' };
  const bar = downloadBar('Electron, which is done once');
  const fetched = await fetchElectron(electronPackage, {
    timeoutMs: FETCH_TIMEOUT_MS,
    onProgress: bar.update,
  });
  bar.stop();
  if (fetched.kind === 'slow')
    return {
      reason: 'Electron is still being downloaded, which goes on in the background and at the next start',
    };
  if (fetched.kind === 'failed') return { reason: `Electron could not be had (${fetched.reason})` };
  const binary = findElectron(electronPackage, process.env);
  return binary === undefined ? { reason: 'Electron came without its program' } : { binary };
}

async function openInstead(reason: string): Promise<void> {
  console.error(`${reason}, so Perch opens in a browser.`);
  const flags = given.filter((argument) => /^--(port=|no-open$)/.test(argument));
  const rest = given.filter((argument) => !flags.includes(argument));
  if (rest.length > 0) console.error(`There, drop onto the page what was to be opened: ${rest.join(' ')}`);
  await runWebHost(flags);
}

async function main(): Promise<void> {
  if (!existsSync(shell)) {
    console.error(`Perch is not built yet. ${remedyFor('screens')}`);
    process.exitCode = 1;
    return;
  }
  if (!hasDisplay(process.platform, process.env)) return await openInstead('There is no screen here');
  const had = await electron();
  if ('reason' in had) return await openInstead(had.reason);
  const launch = await launchElectron(had.binary, [shell, ...given]);
  if (launch.kind === 'failed') await openInstead(`Electron does not come up (${launch.reason})`);
  else process.exitCode = launch.exitCode;
}

guardTerminal();
await main();
