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
 * Launches Chromium.
 *
 * @throws if it is missing, so that no test is skipped silently
 */
export async function startBrowser(): Promise<Browser> {
  // The desktop application is its own browser; this placeholder can only be closed.
  if (onDesktop) return { close: () => Promise.resolve() } as Browser;
  // Chromium's sandbox does not run as root.
  const args = process.getuid?.() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS;
  return await chromium.launch({ executablePath: provideChromium(), args });
}
