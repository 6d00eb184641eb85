import type { Page } from 'playwright-core';
import { perch } from '../../src-main/test/perch.ts';
import { TestApp } from '../harness/test-app.ts';
import { InspectPage } from '../pages/inspect.ts';
import { formatPercentiles } from './percentiles.ts';

/**
 * Measures the time from a key press or click until the next 1024 x 1024 image is sharp in all panes, heatmap and ground
 * truth included: for preloaded neighbors, and for distant images that nothing has read since the host
 * started. docs/benchmarks.md lists the results.
 *
 *   npm run build:renderer && node e2e/bench/switching.ts
 */
const SIDE = 1024;
const IMAGES = 60;
/** Jumps to the end of the visible filmstrip, which is beyond the preloaded images. */
const JUMPS = 6;
/** Time between two images, in which the neighbors are preloaded. */
const LOOK_MS = 1500;
const PANES = ['Input', 'Ground truth', 'Heatmap', 'Overlay'];

/** For each pane, records when a new full-size bitmap was last presented. */
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

const images = Array.from({ length: IMAGES }, (_, at) => ({
  defectType: 'hole',
  name: String(at).padStart(3, '0'),
  blemishes: [{ x: 100 + 20 * at, y: 300, radius: 40 }],
}));
const app = await TestApp.start({ images, side: SIDE });
try {
  const run = await perch('runs', 'start', 'cloth', '--method', 'default');
  if (run.code !== 0) throw new Error(run.stderr);
  await app.killHost();
  const page = await app.open('#/inspect?image=1');
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
    ['preloaded neighbor', near],
    ['distant image, cold', far],
  ] as const) {
    console.log(`${title}, the image itself: ${formatPercentiles(switches.map(({ input }) => input))}`);
    console.log(`${title}, all four panes:   ${formatPercentiles(switches.map(({ all }) => all))}`);
  }
} finally {
  await app.stop();
}

/** Milliseconds from the input event until the image, and until the slowest pane, is sharp. */
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
