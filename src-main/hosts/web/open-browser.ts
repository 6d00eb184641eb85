import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { childEnvironment } from '../../platform/child-environment.ts';

/** A program that opens a URL, run without a shell. */
interface OpenCommand {
  program: string;
  args: string[];
  /** Its standard input. */
  input?: string;
  /** Folder to remove after the page was opened. */
  folder?: string;
}

/**
 * Tries to open a secret URL in the default browser. If that fails, the user still has the printed address.
 *
 * @returns a function that removes the files that contain the URL; call it after the visit
 */
export async function openInBrowser(url: string, platform = process.platform): Promise<() => Promise<void>> {
  const { program, args, input, folder } = await openCommandFor(url, platform);
  const child = spawn(program, args, {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'ignore'],
    detached: true,
    windowsHide: true,
    env: childEnvironment(),
  });
  child.on('error', () => {});
  child.stdin?.on('error', () => {}).end(input);
  child.unref();
  return async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
}

/**
 * Except on Windows, other users can read the arguments of programs, so the URL is not passed as one: macOS passes it in an
 * event, and on Linux a private HTML file redirects to it.
 */
async function openCommandFor(url: string, platform: NodeJS.Platform): Promise<OpenCommand> {
  if (platform === 'win32') return { program: 'rundll32', args: ['url.dll,FileProtocolHandler', url] };
  if (platform === 'darwin')
    return { program: 'osascript', args: ['-'], input: `open location ${JSON.stringify(url)}\n` };
  const folder = await privateFolder();
  const page = join(folder, 'open-perch.html');
  await writeFile(page, redirectPage(url), { mode: 0o600, flag: 'wx' });
  return { program: 'xdg-open', args: [pathToFileURL(page).href], folder };
}

/** Not hidden and in the home folder, because sandboxed browsers (Snap) can read neither /tmp nor hidden folders. */
async function privateFolder(): Promise<string> {
  const prefix = 'perch-opening-';
  return await mkdtemp(join(os.homedir(), prefix)).catch(() => mkdtemp(join(os.tmpdir(), prefix)));
}

function redirectPage(url: string): string {
  const address = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>Perch</title>
<p><a href="${address}">Open Perch</a>
`;
}
