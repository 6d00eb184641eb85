import { provideChromium } from './chromium.ts';

/** Finds or installs Chromium once, before any spec file runs. */
export default function setup(): void {
  process.env.PERCH_CHROMIUM = provideChromium();
}
