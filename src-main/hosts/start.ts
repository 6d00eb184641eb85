import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { remedyFor } from '../platform/remedies.ts';
import { downloadBar } from './download-bar.ts';
import { fetchElectron, findElectron, hasDisplay } from './electron/launch/electron-binary.ts';
import { launchElectron } from './electron/launch/launch-electron.ts';
import { guardTerminal } from './guard-terminal.ts';
import { runWebHost } from './web/run-web-host.ts';

/**
 * The program behind `npm start [-- FILES, FOLDERS, FLAGS]`. Starts the desktop application, or opens Perch in a browser and
 * prints why if there is no display or Electron does not start.
 */
const root = join(import.meta.dirname, '../..');
const electronPackage = join(root, 'node_modules/electron');
const entry = join(root, 'dist/electron/main.js');
/** Longest wait for a download before Perch opens in a browser. */
const DOWNLOAD_TIMEOUT_MS = 180_000;

/**
 * The application's arguments. npm runs scripts in the project folder, so paths are resolved from the user's
 * folder.
 */
const given = process.argv.slice(2).map((argument) => {
  const path = resolve(process.env['INIT_CWD'] ?? '.', argument);
  return !argument.startsWith('-') && existsSync(path) ? path : argument;
});

async function ensureElectron(): Promise<{ binary: string } | { reason: string }> {
  const found = findElectron(electronPackage, process.env);
  if (found !== undefined) return { binary: found };
  if (process.env['ELECTRON_SKIP_BINARY_DOWNLOAD'] !== undefined)
    return { reason: 'Electron is missing and ELECTRON_SKIP_BINARY_DOWNLOAD is set' };
  const bar = downloadBar('Electron (once)');
  const fetched = await fetchElectron(electronPackage, {
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
    onProgress: bar.update,
  });
  bar.stop();
  if (fetched.kind === 'slow')
    return {
      reason: 'Electron is still downloading, in the background and at the next start',
    };
  if (fetched.kind === 'failed') return { reason: `Could not download Electron (${fetched.reason})` };
  const binary = findElectron(electronPackage, process.env);
  return binary === undefined ? { reason: 'The download of Electron is incomplete' } : { binary };
}

async function openInBrowser(reason: string): Promise<void> {
  console.error(`${reason}. Perch opens in a browser instead.`);
  const flags = given.filter((argument) => /^--(port=|no-open$)/.test(argument));
  const rest = given.filter((argument) => !flags.includes(argument));
  if (rest.length > 0) console.error(`To open ${rest.join(' ')}, drop it onto the page.`);
  await runWebHost(flags);
}

async function main(): Promise<void> {
  if (!existsSync(entry)) {
    console.error(`Perch has not been built. ${remedyFor('screens')}`);
    process.exitCode = 1;
    return;
  }
  if (!hasDisplay(process.platform, process.env)) return await openInBrowser('There is no display');
  const electron = await ensureElectron();
  if ('reason' in electron) return await openInBrowser(electron.reason);
  const launch = await launchElectron(electron.binary, [entry, ...given]);
  if (launch.kind === 'failed') await openInBrowser(`Electron did not start (${launch.reason})`);
  else process.exitCode = launch.exitCode;
}

guardTerminal();
await main();
