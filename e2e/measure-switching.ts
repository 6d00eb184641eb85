import type { Page } from 'playwright-core';
import { perch } from '../src-main/test/perch.ts';
import { startBrowser } from './browser.ts';
import { startWithCloth } from './cloth.ts';
import { InspectPage } from './pages/inspect.ts';
import { spread } from './spread.ts';

/**
 * Measures how long it takes from a key or a click until the next image of 1024 x 1024 stands sharp in every pane, heatmap and
 * ground truth with it: neighbours, which are preloaded, and images far off, which nothing has touched since the host started.
 * Numbers for docs/benchmarks.md.
 *
 *   npm run build:renderer && node e2e/measure-switching.ts
 */
const SIDE = 1024;
const IMAGES = 60;
/** To the end of the filmstrip that is in view, which is farther than what is preloaded. */
const JUMPS = 6;
/** Time in which a person looks at an image, and its neighbours are preloaded. */
const LOOK_MS = 1500;
const PANES = ['Input', 'Ground truth', 'Heatmap', 'Overlay'];

/** Notes for each pane when it was last drawn with another full-sized bitmap than before, once that frame was handed over. */
const PROBE = `
  window.sharp = {};
  const last = new WeakMap();
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (bitmap, ...rest) {
    draw.call(this, bitmap, ...rest);
    if (!(bitmap instanceof ImageBitmap) || bitmap.width < ${SIDE} || last.get(this.canvas) === bitmap) return;
    const pane = this.canvas.closest('[role="region"], section')?.getAttribute('aria-label');
    if (!pane) return;
    last.set(this.canvas, bitmap);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (window.sharp[pane] = performance.now());
    port2.postMessage(0);
  };
  const began = (event) => { window.began = event.timeStamp; window.sharp = {}; };
  addEventListener('keydown', began, true);
  addEventListener('pointerdown', began, true);
`;

const browser = await startBrowser();
if (!browser) throw new Error('There is no browser to measure in.');
const pieces = Array.from({ length: IMAGES }, (_, at) => ({
  kind: 'hole',
  name: String(at).padStart(3, '0'),
  blemishes: [{ x: 100 + 20 * at, y: 300, radius: 40 }],
}));
const cloth = await startWithCloth(browser, pieces, SIDE);
try {
  const run = await perch('runs', 'start', 'cloth', '--method', 'default');
  if (run.code !== 0) throw new Error(run.stderr);
  await cloth.cut();
  const page = await cloth.open('#/inspect?image=1', []);
  const inspect = new InspectPage(page);
  await inspect.inspected(1);
  await page.evaluate(PROBE);
  // Input, ground truth, heatmap and overlay.
  await page.keyboard.press('F4');
  await page.waitForTimeout(LOOK_MS);

  const far: Switch[] = [];
  for (let at = 0; at < JUMPS; at++) {
    far.push(await switched(page, () => inspect.cells.last().click()));
    await page.waitForTimeout(LOOK_MS);
  }
  const near: Switch[] = [];
  for (let at = 0; at < 20; at++) {
    near.push(await switched(page, () => page.keyboard.press('ArrowLeft')));
    await page.waitForTimeout(LOOK_MS);
  }
  for (const [title, switches] of [
    ['preloaded neighbour', near],
    ['far image, cold', far],
  ] as const) {
    console.log(`${title}, the image itself: ${spread(switches.map(({ input }) => input))}`);
    console.log(`${title}, all four panes:   ${spread(switches.map(({ all }) => all))}`);
  }
} finally {
  await browser.close();
  await cloth.stop();
}

/** Milliseconds from what a person does until the image is sharp, and until the slowest pane is. */
interface Switch {
  input: number;
  all: number;
}

async function switched(page: Page, act: () => Promise<void>): Promise<Switch> {
  await act();
  const sharp = `${JSON.stringify(PANES)}.every((pane) => pane in window.sharp)`;
  while (!(await page.evaluate(sharp))) await page.waitForTimeout(20);
  return (await page.evaluate(
    '({ input: window.sharp.Input - window.began, all: Math.max(...Object.values(window.sharp)) - window.began })',
  )) as Switch;
}
