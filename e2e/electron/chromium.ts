import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { DevTools } from './cdp.ts';

const FLAGS = [
  '--headless=new',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--no-first-run',
  '--no-startup-window',
  // Do not throttle background windows, as Electron does not under xvfb.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--remote-debugging-port=0',
  '--remote-allow-origins=*',
];

export interface Chromium {
  process: ChildProcess;
  devtools: DevTools;
}

/**
 * Starts the headless Chromium that shows the windows: `PERCH_CHROMIUM`, else `chromium`. It ends with this process.
 *
 * @param profile folder of the profile
 * @param hosts rules that map host names to addresses; other names cannot be resolved
 */
export async function startChromium(profile: string, hosts: string[]): Promise<Chromium> {
  const args = [
    ...FLAGS,
    // Chromium's sandbox does not run as root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${profile}`,
    `--host-resolver-rules=${[...hosts, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(', ')}`,
  ];
  const binary = process.env['PERCH_CHROMIUM'] ?? 'chromium';
  // A killed host cannot end its browser, so the kernel does.
  const command = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', binary] : [binary];
  // In a separate process group, so that Ctrl+C reaches only the application, which asks its windows first.
  const chromium = spawn(command[0], [...command.slice(1), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  process.once('exit', () => chromium.kill('SIGKILL'));
  const address = await addressOf(chromium);
  // A full pipe would block Chromium.
  chromium.stderr.resume();
  return { process: chromium, devtools: await DevTools.connect(address) };
}

/** Waits for the DevTools address and prints it, because Playwright waits for it as well. */
async function addressOf(chromium: ChildProcess): Promise<string> {
  if (chromium.stderr === null) throw new Error('Chromium has no stderr.');
  const lines: string[] = [];
  const failed = once(chromium, 'error').then(([error]) => {
    throw error as Error;
  });
  const found = (async () => {
    for await (const line of createInterface({ input: chromium.stderr as NodeJS.ReadableStream })) {
      const address = /^DevTools listening on (ws:\/\/\S+)/.exec(line)?.[1];
      if (address !== undefined) {
        process.stderr.write(`${line}\n`);
        return address;
      }
      lines.push(line);
    }
    throw new Error(`Chromium ended before it could be used:\n${lines.slice(-10).join('\n')}`);
  })();
  return await Promise.race([found, failed]);
}
