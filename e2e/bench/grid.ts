import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { texturePng } from '../../src-main/hosts/cli/bench/inputs.ts';
import { importMvtec } from '../fixtures/fixture-dataset.ts';
import { writeFiles } from '../fixtures/textures.ts';
import { TestApp } from '../harness/test-app.ts';
import { LibraryPage } from '../pages/library.ts';
import { formatPercentiles } from './percentiles.ts';

/**
 * Scrolls through a grid of 10 000 images by wheel, by page and by jumps of the scroll bar, and measures the
 * longest frame and how long visible thumbnails stay blank. docs/benchmarks.md lists the results.
 *
 *   npm run build:renderer && node e2e/bench/grid.ts [images]
 */
const IMAGES = Number(process.argv[2] ?? 10_000);
/** Side of each image, equal to the size of a thumbnail. */
const SIDE = 192;

/** Records the duration of every frame, how long visible thumbnails are blank, and frames with missing rows. */
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

const app = await TestApp.start({
  async prepare(folder) {
    for (let at = 0; at < IMAGES; at++)
      await writeFiles({ [join(folder, 'many', `cloth/test/good/${at}.png`)]: await texturePng(SIDE, at) });
    await importMvtec(join(folder, 'many'));
  },
});
try {
  const page = await app.open('#/library');
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
  await app.stop();
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
  console.log(`${title}: frames ${formatPercentiles(frames)}`);
  console.log(
    `  ${blanks.length} late thumbnails: ${blanks.length > 0 ? formatPercentiles(blanks) : ''}; frames without rows: ${empty}`,
  );
}
