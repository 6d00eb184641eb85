import { spawn } from 'node:child_process';

/** The program of each platform that opens an address in the default browser, called without a shell. */
export function browserCommand(platform: NodeJS.Platform, url: string): [program: string, args: string[]] {
  if (platform === 'darwin') return ['open', [url]];
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  return ['xdg-open', [url]];
}

/** Tries to show the address. Where that fails the person still has the printed line. */
export function openInBrowser(url: string): void {
  const [program, args] = browserCommand(process.platform, url);
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
