import { provideChromium } from './chromium.ts';

/** Before any journey: Chromium is installed here where there is none, once and not by each file of journeys. */
export default function setup(): void {
  process.env.PERCH_CHROMIUM = provideChromium();
}
