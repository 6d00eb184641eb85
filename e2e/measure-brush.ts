import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { perch } from '../src-main/test/perch.ts';
import { startBrowser } from './browser.ts';
import { startHost } from './host.ts';
import { AnnotatePage } from './pages/annotate.ts';
import { spread } from './spread.ts';
import { lay, weave } from './textures.ts';

/**
 * Measures how long the page takes from a move of the pointer to the drawn frame while a mask of 4096 x 4096 is painted, for
 * brushes of several sizes, fitted and zoomed in, and how long the larger tools take. Numbers for docs/benchmarks.md.
 *
 *   npm run build:renderer && node e2e/measure-brush.ts
 */
const SIDE = 4096;
const MOVES = 120;

/**
 * Notes for each move of the pointer what the page worked on it (what it did at the move, and drawing the frame after it), and
 * how long it took from the move until that frame was handed over, with the wait for the screen in it.
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
  // The first of all callbacks of a frame, so that whatever is drawn in the frame comes after it.
  window.frames = [];
  const frame = () => {
    requestAnimationFrame(frame);
    const before = performance.now();
    for (const noted of window.frames.splice(0)) noted(before);
  };
  requestAnimationFrame(frame);
`;

const folder = await mkdtemp(join(tmpdir(), 'perch-measure-'));
const home = join(folder, 'home');
process.env.PERCH_HOME = home;
await lay({ [join(folder, 'large', 'cloth', 'test', 'hole', '000.png')]: await weave(SIDE, 1) });
const imported = await perch('datasets', 'import', join(folder, 'large'), '--layout', 'mvtec');
if (imported.code !== 0) throw new Error(imported.stderr);
const browser = await startBrowser();
if (!browser) throw new Error('There is no browser to measure in.');
const host = await startHost({ home });
try {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(host.url);
  await page.goto(new URL('/#/annotate', host.url).href);
  const annotate = new AnnotatePage(page);
  await annotate.ready({ width: SIDE, height: SIDE });
  await page.waitForTimeout(2000);
  await page.evaluate(PROBE);

  const box = await page.locator('canvas').first().boundingBox();
  if (!box) throw new Error('There is no pane.');
  const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };

  const stroke = async () => {
    await page.evaluate('window.moves.length = 0');
    await page.mouse.move(centre.x - 200, centre.y);
    await page.mouse.down();
    for (let move = 0; move < MOVES; move++) {
      const turn = (move / MOVES) * 4 * Math.PI;
      await page.mouse.move(centre.x - 200 * Math.cos(turn), centre.y + 150 * Math.sin(turn));
    }
    await page.mouse.up();
    return (await page.evaluate('window.moves')) as { work: number; latency: number }[];
  };
  const tell = (title: string, moves: { work: number; latency: number }[]) => {
    for (const part of ['work', 'latency'] as const) {
      const shares = moves.map((move) => move[part]);
      console.log(`${`${title}, ${part}`.padEnd(44)} ${spread(shares)}`);
    }
  };

  await annotate.choose('Brush');
  await stroke();
  await page.getByRole('dialog').getByRole('button', { name: 'Later' }).click();
  for (const diameter of [16, 64, 200]) {
    await annotate.size(diameter);
    tell(`brush ${diameter} px, whole image`, await stroke());
  }
  await page.keyboard.press('0');
  for (const diameter of [16, 200]) {
    await annotate.size(diameter);
    tell(`brush ${diameter} px, actual size`, await stroke());
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
  await browser.close();
  await host.stop();
  await rm(folder, { recursive: true, force: true });
}
