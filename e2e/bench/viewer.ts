import type { Page } from 'playwright-core';
import { startBrowser } from '../harness/browser.ts';
import { startHost } from '../harness/host.ts';
import { createContext, openWindow } from '../harness/window.ts';
import { peakMemory } from './peak-memory.ts';
import { formatPercentiles } from './percentiles.ts';

/**
 * Measures the viewer on a large image: the time until its first pixels and until all visible tiles, frames while panning,
 * and the page's memory. docs/benchmarks.md lists the results.
 *
 *   perch datasets import FOLDER && perch runs start NAME --method default
 *   npm run build:renderer && PERCH_HOME=DIR node e2e/bench/viewer.ts [IMAGE]
 */
const [image = '1'] = process.argv.slice(2);
const home = process.env.PERCH_HOME;
if (home === undefined) throw new Error('Set PERCH_HOME to the data directory of the image.');

/** Moves of a drag, and the pause between them in milliseconds. */
const MOVES = 150;
const PAUSE_MS = 8;

/** Records the time of every frame, and when image and heatmap first have a pixel. */
const PROBE = `
  window.frames = [];
  window.firstPixel = undefined;
  window.heatmapPixel = undefined;
  let before = performance.now();
  const frame = (now) => {
    requestAnimationFrame(frame);
    window.frames.push(now - before);
    before = now;
    if (window.heatmapPixel !== undefined) return;
    const hasPixel = (canvas) => {
      if (!canvas || canvas.width < 2) return false;
      return canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data[3] > 0;
    };
    const canvasOf = (pane) => document.querySelector('.viewer [aria-label="' + pane + '"] canvas');
    if (hasPixel(canvasOf('Overlay'))) window.firstPixel ??= performance.now();
    if (hasPixel(canvasOf('Heatmap'))) window.heatmapPixel ??= performance.now();
  };
  requestAnimationFrame(frame);
`;

const print = (what: string, value: string) => console.log(`${what.padEnd(44)} ${value}`);

/** Waits until no tile was requested for a while. @returns the time of the last response, on the page's clock */
async function settle(page: Page): Promise<number> {
  for (let last = -1; ;) {
    const now = (await page.evaluate(
      `Math.max(0, ...performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/tiles/')).map((entry) => entry.responseEnd))`,
    )) as number;
    if (now === last && now > 0) return now;
    last = now;
    await page.waitForTimeout(1500);
  }
}

async function drag(page: Page, x: number, y: number): Promise<number[]> {
  const box = await page.locator('.viewer canvas').first().boundingBox();
  if (!box) throw new Error('There is no pane.');
  const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.evaluate('window.frames.length = 0');
  for (let move = 1; move <= MOVES; move++) {
    await page.mouse.move(from.x + (x * move) / MOVES, from.y + (y * move) / MOVES);
    await page.waitForTimeout(PAUSE_MS);
  }
  const frames = (await page.evaluate('window.frames.splice(0)')) as number[];
  await page.mouse.up();
  return frames;
}

const host = await startHost({ home });
const browser = await startBrowser();
try {
  const context = await createContext(browser, host);
  const page = await openWindow(context, host, '#/library', []);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByRole('listbox', { name: 'Images' }).getByRole('option').first().waitFor();
  await page.evaluate('performance.setResourceTimingBufferSize(100000)');
  await page.evaluate(PROBE);
  const started = (await page.evaluate(
    `(location.hash = '#/inspect?image=${image}', performance.now())`,
  )) as number;
  for (const [what, name] of [
    ['first pixels of the image', 'firstPixel'],
    ['first pixels of the heatmap', 'heatmapPixel'],
  ]) {
    let at: number | undefined;
    while (at === undefined) {
      await page.waitForTimeout(100);
      at = (await page.evaluate(`window.${name}`)) as number | undefined;
    }
    print(what, `${Math.round(at - started)} ms`);
  }
  print('all image tiles in view', `${Math.round((await settle(page)) - started)} ms`);

  for (const [panes, key] of [
    ['overlay', 'F1'],
    ['input, heatmap and overlay', 'F3'],
    ['all four panes', 'F4'],
  ] as const) {
    await page.keyboard.press(key);
    await page.keyboard.press('0');
    await settle(page);
    print(`${panes}, actual size, new tiles`, formatPercentiles(await drag(page, -400, -400)));
    await settle(page);
    print(`${panes}, actual size, loaded`, formatPercentiles(await drag(page, 400, 400)));
    for (let step = 0; step < 8; step++) await page.keyboard.press('-');
    await settle(page);
    print(`${panes}, at 17 %`, formatPercentiles(await drag(page, 100, -300)));
    await page.keyboard.press('f');
  }
  print('largest resident set of the page', `${Math.round(await peakMemory(page))} MiB`);
} finally {
  await browser.close();
  await host.stop();
}
