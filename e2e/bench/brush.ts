import { TestApp } from '../harness/test-app.ts';
import { AnnotatePage } from '../pages/annotate.ts';
import { formatPercentiles } from './percentiles.ts';

/**
 * Measures the time from a pointer move to the drawn frame while painting a 4096 x 4096 mask, for several
 * brush sizes, fitted and zoomed in. Also measures the tools that process the whole mask. docs/benchmarks.md
 * lists the results.
 *
 *   npm run build:renderer && node e2e/bench/brush.ts
 */
const SIDE = 4096;
const MOVES = 120;

/**
 * For each pointer move, records the page's work (the event handlers and the frame that follows) and the
 * latency until that frame was presented, which includes the wait for the screen.
 */
const PROBE = `
  window.moves = [];
  let began = 0;
  addEventListener('pointermove', () => (began = performance.now()), true);
  addEventListener('pointermove', (event) => {
    if (event.buttons !== 1) return;
    const handled = performance.now() - began;
    window.frames.push((before) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const now = performance.now();
        window.moves.push({ work: handled + now - before, latency: now - event.timeStamp });
      };
      port2.postMessage(0);
    });
  });
  // Registered first, so it runs before everything else in the frame.
  window.frames = [];
  const frame = () => {
    requestAnimationFrame(frame);
    const before = performance.now();
    for (const noted of window.frames.splice(0)) noted(before);
  };
  requestAnimationFrame(frame);
`;

const app = await TestApp.start({
  images: [{ defectType: 'hole', name: '000', blemishes: [] }],
  side: SIDE,
});
try {
  const page = await app.open('#/annotate');
  await page.setViewportSize({ width: 1920, height: 1080 });
  const annotate = new AnnotatePage(page);
  await annotate.ready({ width: SIDE, height: SIDE });
  await page.waitForTimeout(2000);
  await page.evaluate(PROBE);

  const box = await page.locator('canvas').first().boundingBox();
  if (!box) throw new Error('There is no pane.');
  const center = { x: box.x + box.width / 2, y: box.y + box.height / 2 };

  const stroke = async () => {
    await page.evaluate('window.moves.length = 0');
    await page.mouse.move(center.x - 200, center.y);
    await page.mouse.down();
    for (let move = 0; move < MOVES; move++) {
      const turn = (move / MOVES) * 4 * Math.PI;
      await page.mouse.move(center.x - 200 * Math.cos(turn), center.y + 150 * Math.sin(turn));
    }
    await page.mouse.up();
    return (await page.evaluate('window.moves')) as { work: number; latency: number }[];
  };
  const print = (title: string, moves: { work: number; latency: number }[]) => {
    for (const part of ['work', 'latency'] as const) {
      const times = moves.map((move) => move[part]);
      console.log(`${`${title}, ${part}`.padEnd(44)} ${formatPercentiles(times)}`);
    }
  };

  await annotate.choose('Brush');
  await stroke();
  await page.getByRole('dialog').getByRole('button', { name: 'Later' }).click();
  for (const diameter of [16, 64, 200]) {
    await annotate.size(diameter);
    print(`brush ${diameter} px, whole image`, await stroke());
  }
  await page.keyboard.press('0');
  for (const diameter of [16, 200]) {
    await annotate.size(diameter);
    print(`brush ${diameter} px, actual size`, await stroke());
  }
  await page.keyboard.press('f');

  for (const [title, key] of [
    ['grow by 2 px', '.'],
    ['shrink by 2 px', ','],
    ['fill holes', 'o'],
    ['remove specks', 'i'],
    ['undo', 'Control+z'],
  ]) {
    const started = performance.now();
    await page.keyboard.press(key);
    await annotate.hint.filter({ hasText: '…' }).waitFor({ state: 'detached' });
    console.log(`${title.padEnd(44)} ${(performance.now() - started).toFixed(0)} ms`);
  }
} finally {
  await app.stop();
}
