import { chromium, type Browser } from 'playwright-core';
import { provideChromium } from './chromium.ts';
import { onDesktop } from './desktop.ts';

const FLAGS = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Starts a Chromium.
 *
 * @throws where none can be had: a journey that was not made is a failure
 */
export async function startBrowser(): Promise<Browser> {
  // The desktop application is its own browser; what stands for one can only be closed.
  if (onDesktop) return { close: () => Promise.resolve() } as Browser;
  // Chromium's sandbox refuses to run as root.
  const args = process.getuid?.() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS;
  return await chromium.launch({ executablePath: provideChromium(), args });
}
