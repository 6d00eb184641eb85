import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { childEnvironment } from '../../platform/child-environment.ts';

/** How to have an address opened, without a shell. */
interface OpenCommand {
  program: string;
  args: string[];
  /** What it reads. */
  input?: string;
  /** What to remove once the page was opened. */
  folder?: string;
}

/**
 * Tries to show an address that is a secret in the default browser. Where that fails the person still has the printed line.
 *
 * @returns what removes the traces of it, to be called once the address was visited or is not needed any more
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
 * Everybody on the machine can read the arguments of programs, but for Windows, so that the address is none: macOS hands it to the
 * browser in an event, elsewhere a page that leads there lies where only the person can read it.
 */
async function openCommandFor(url: string, platform: NodeJS.Platform): Promise<OpenCommand> {
  if (platform === 'win32') return { program: 'rundll32', args: ['url.dll,FileProtocolHandler', url] };
  if (platform === 'darwin')
    return { program: 'osascript', args: ['-'], input: `open location ${JSON.stringify(url)}\n` };
  const folder = await privateFolder();
  const page = join(folder, 'open-perch.html');
  await writeFile(page, leadingTo(url), { mode: 0o600, flag: 'wx' });
  return { program: 'xdg-open', args: [pathToFileURL(page).href], folder };
}

/** In the home folder and not hidden: a browser that is confined (Snap) sees neither /tmp nor what is hidden. */
async function privateFolder(): Promise<string> {
  const prefix = 'perch-opening-';
  return await mkdtemp(join(os.homedir(), prefix)).catch(() => mkdtemp(join(os.tmpdir(), prefix)));
}

function leadingTo(url: string): string {
  const address = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>Perch</title>
<p><a href="${address}">Open Perch</a>
`;
}
