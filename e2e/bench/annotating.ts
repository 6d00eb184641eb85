import type { Page } from 'playwright-core';
import { startBrowser } from '../harness/browser.ts';
import { startHost } from '../harness/host.ts';
import { createContext, openWindow } from '../harness/window.ts';
import { peakMemory } from './peak-memory.ts';
import { formatPercentiles } from './percentiles.ts';

/**
 * Measures annotation of a large image: frames while drawing, the time to save, and the page's memory.
 * docs/benchmarks.md lists the results.
 *
 *   perch roll import FILE && perch roll inspect NAME
 *   npm run build:renderer && PERCH_HOME=DIR node e2e/bench/annotating.ts [IMAGE]
 */
const [image = '1'] = process.argv.slice(2);
const home = process.env.PERCH_HOME;
if (home === undefined) throw new Error('Set PERCH_HOME to the data directory of the image.');

/** Moves of a stroke, and the pause between them in milliseconds. */
const MOVES = 120;
const PAUSE_MS = 8;

const PROBE = `
  window.frames = [];
  let before = performance.now();
  const frame = (now) => {
    requestAnimationFrame(frame);
    window.frames.push(now - before);
    before = now;
  };
  requestAnimationFrame(frame);
`;

const print = (what: string, value: string) => console.log(`${what.padEnd(44)} ${value}`);

/** Draws a wave over the middle of the pane. */
async function stroke(page: Page): Promise<number[]> {
  const box = await page.locator('.viewer canvas').first().boundingBox();
  if (!box) throw new Error('There is no pane.');
  const { x, y, width, height } = box;
  await page.mouse.move(x + 0.3 * width, y + height / 2);
  await page.mouse.down();
  await page.evaluate('window.frames.length = 0');
  for (let move = 1; move <= MOVES; move++) {
    const part = move / MOVES;
    await page.mouse.move(x + (0.3 + 0.4 * part) * width, y + (0.5 + 0.3 * Math.sin(12 * part)) * height);
    await page.waitForTimeout(PAUSE_MS);
  }
  const frames = (await page.evaluate('window.frames.splice(0)')) as number[];
  await page.mouse.up();
  return frames;
}

/** Waits until the mask is saved, and signs if it is asked. @returns milliseconds */
async function saved(page: Page): Promise<number> {
  const started = performance.now();
  const name = page.getByRole('dialog').getByRole('textbox', { name: 'Your name' });
  const status = page.getByRole('status', { name: 'Mask' }).filter({ hasText: /^\s*Saved/ });
  for (;;) {
    if (await name.isVisible()) {
      await name.fill('Ada');
      await page.keyboard.press('Enter');
    }
    if (await status.isVisible()) return performance.now() - started;
    await page.waitForTimeout(50);
  }
}

const host = await startHost({ home });
const browser = await startBrowser();
try {
  const context = await createContext(browser, host);
  const page = await openWindow(context, host, '#/library', []);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByRole('listbox', { name: 'Images' }).getByRole('option').first().waitFor();
  await page.evaluate(PROBE);
  await page.evaluate(`location.hash = '#/annotate?image=${image}'`);
  await page.getByRole('status', { name: 'Mask' }).waitFor();
  await page.locator('canvas').nth(1).waitFor();
  await page.waitForTimeout(3000);
  const report = async (what: string) => {
    const frames = await stroke(page);
    const seconds = (await saved(page)) / 1000;
    print(what, `${formatPercentiles(frames)}; saved after ${seconds.toFixed(1)} s`);
    print('', `largest resident set so far ${Math.round(await peakMemory(page))} MiB`);
  };
  await page.getByRole('slider', { name: 'Size' }).fill('300');
  await report('brush, whole image');
  await page.keyboard.press('0');
  await page.waitForTimeout(2000);
  await page.getByRole('slider', { name: 'Size' }).fill('40');
  await report('brush, actual size');
  await page.keyboard.press('e');
  await report('eraser, actual size');
  for (const [key, what] of [
    ['w', 'magic wand'],
    ['m', 'heatmap region'],
  ] as const) {
    await page.keyboard.press(key);
    const box = await page.locator('.viewer canvas').first().boundingBox();
    if (!box) throw new Error('There is no pane.');
    const started = performance.now();
    await page.mouse.click(box.x + 0.6 * box.width, box.y + 0.4 * box.height);
    await page.waitForTimeout(1000);
    await saved(page);
    print(what, `saved after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    print('', `largest resident set so far ${Math.round(await peakMemory(page))} MiB`);
  }
  await page.keyboard.press('Control+z');
  await saved(page);
  print('largest resident set of the page', `${Math.round(await peakMemory(page))} MiB`);
} finally {
  await browser.close();
  await host.stop();
}
