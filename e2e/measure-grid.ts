import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { texturePng } from '../src-main/hosts/cli/bench/inputs.ts';
import { lay as layPictures } from '../src-main/services/datasets/test/pictures.ts';
import { perch } from '../src-main/test/perch.ts';
import { startBrowser } from './browser.ts';
import { startHost } from './host.ts';
import { LibraryPage } from './pages/library.ts';
import { spread } from './spread.ts';
import { enter, openWindow } from './window.ts';

/**
 * Scrolls through the grid of 10 000 images, by wheel, by the page, and by jumps of the scroll bar, and measures how long the
 * longest frame took, and how long thumbnails that are in view stayed blank. Numbers for docs/benchmarks.md.
 *
 *   npm run build:renderer && node e2e/measure-grid.ts [images]
 */
const IMAGES = Number(process.argv[2] ?? 10_000);
/** Of each image, all of which differ; that of thumbnails. */
const SIDE = 192;

/** Looks at every frame: how long it took, which thumbnails in view have no picture yet, and whether rows are missing. */
const PROBE = `
  const list = document.querySelector('[role="listbox"][aria-label="Images"]');
  const blank = new Map();
  window.seen = { frames: [], blanks: [], empty: 0 };
  let before = performance.now();
  const look = (now) => {
    requestAnimationFrame(look);
    window.seen.frames.push(now - before);
    before = now;
    const box = list.getBoundingClientRect();
    let lowest = box.top;
    for (const option of list.querySelectorAll('[role="option"]')) {
      const { top, bottom } = option.getBoundingClientRect();
      if (bottom < box.top || top > box.bottom) { blank.delete(option.id); continue; }
      lowest = Math.max(lowest, bottom);
      const { complete, naturalWidth } = option.querySelector('img');
      if (!complete || naturalWidth === 0) {
        if (!blank.has(option.id)) blank.set(option.id, now);
      } else if (blank.has(option.id)) {
        window.seen.blanks.push(now - blank.get(option.id));
        blank.delete(option.id);
      }
    }
    if (lowest < box.bottom - 40 && list.scrollTop + list.clientHeight < list.scrollHeight - 40) window.seen.empty++;
  };
  requestAnimationFrame(look);
`;

const folder = await mkdtemp(join(tmpdir(), 'perch-grid-'));
const browser = await startBrowser();
if (!browser) throw new Error('There is no browser to measure in.');
process.env.PERCH_HOME = join(folder, 'home');
for (let at = 0; at < IMAGES; at++)
  await layPictures(join(folder, 'many'), { [`cloth/test/good/${at}.png`]: texturePng(SIDE, at) });
const imported = await perch('datasets', 'import', join(folder, 'many'), '--layout', 'mvtec');
if (imported.code !== 0) throw new Error(imported.stderr);
const host = await startHost({ home: process.env.PERCH_HOME });
try {
  const context = await enter(browser, host);
  const page = await openWindow(context, host, '#/library', []);
  await new LibraryPage(page).thumbnails.first().waitFor();
  await page.waitForTimeout(1000);
  await page.evaluate(PROBE);
  const list = page.locator('[role="listbox"][aria-label="Images"]');
  await list.hover();

  await measured(page, 'wheel, 6000 px a second', async () => {
    for (let turn = 0; turn < 150; turn++) {
      await page.mouse.wheel(0, 200);
      await page.waitForTimeout(33);
    }
  });
  await list.focus();
  await measured(page, 'Page Down held', async () => {
    for (let press = 0; press < 120; press++) {
      await page.keyboard.press('PageDown');
      await page.waitForTimeout(33);
    }
  });
  await measured(page, 'jumps of the scroll bar', async () => {
    for (let jump = 1; jump <= 15; jump++) {
      await list.evaluate(
        (element, share) => (element.scrollTop = share * element.scrollHeight),
        (jump * 0.37) % 1,
      );
      await page.waitForTimeout(700);
    }
  });
} finally {
  await browser.close();
  await host.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measured(page: Page, title: string, scroll: () => Promise<void>): Promise<void> {
  await page.evaluate('window.seen = { frames: [], blanks: [], empty: 0 }');
  await scroll();
  await page.waitForTimeout(500);
  const { frames, blanks, empty } = (await page.evaluate('window.seen')) as Record<
    'frames' | 'blanks',
    number[]
  > & {
    empty: number;
  };
  console.log(`${title}: frames ${spread(frames)}`);
  console.log(
    `  ${blanks.length} thumbnails came late: ${blanks.length > 0 ? spread(blanks) : ''}; frames without rows: ${empty}`,
  );
}
