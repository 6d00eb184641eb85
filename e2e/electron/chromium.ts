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
  // Pages keep working at full speed whichever window is in front, as Electron's journeys have it under xvfb.
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
 * Starts the headless Chromium that shows the windows: that of `PERCH_CHROMIUM`, else `chromium`. It ends with this
 * process, however that ends.
 *
 * @param profile folder of what Chromium keeps
 * @param hosts rules that map host names to addresses; every other name is unknown
 */
export async function startChromium(profile: string, hosts: string[]): Promise<Chromium> {
  const args = [
    ...FLAGS,
    // Chromium's sandbox refuses to run as root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${profile}`,
    `--host-resolver-rules=${[...hosts, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(', ')}`,
  ];
  const binary = process.env['PERCH_CHROMIUM'] ?? 'chromium';
  // A host that is killed cannot end its browser; the kernel does.
  const command = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', binary] : [binary];
  // In a group of its own: a signal to the group of the application (Ctrl+C) is for the application alone, which asks
  // its windows before they go.
  const chromium = spawn(command[0], [...command.slice(1), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  process.once('exit', () => chromium.kill('SIGKILL'));
  const address = await addressOf(chromium);
  // Nobody reads on; a full pipe would stop Chromium.
  chromium.stderr.resume();
  return { process: chromium, devtools: await DevTools.connect(address) };
}

/** Waits for the line that Playwright waits for as well, and passes it on. */
async function addressOf(chromium: ChildProcess): Promise<string> {
  if (chromium.stderr === null) throw new Error('Chromium has no stderr.');
  const said: string[] = [];
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
      said.push(line);
    }
    throw new Error(`Chromium ended before it could be used:\n${said.slice(-10).join('\n')}`);
  })();
  return await Promise.race([found, failed]);
}
