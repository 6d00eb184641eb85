import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { connected, nearSegment, pixelsWhere, woundAround } from '../src-renderer/mask/test/reference.ts';
import { brushCenter } from '../src-renderer/mask/shapes.ts';
import type { Point } from '../src-renderer/viewer/viewport.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { onDesktop } from './harness/desktop.ts';
import { difference, grayPixels, storedScores, storedGroundTruth } from './fixtures/masks.ts';
import { useApp } from './harness/use-app.ts';
import { AnnotatePage } from './pages/annotate.ts';

const SIZE = { width: 256, height: 256 };
/** The dataset's images in order. Each test uses its own image. */
const NAMES = [
  'brush',
  'conflict',
  'export',
  'keyboard',
  'normal',
  'polygon',
  'region',
  'restart',
  'revisions',
  'wand',
] as const;
type ImageName = (typeof NAMES)[number];
const IMAGES = NAMES.map((name) => ({
  defectType: 'hole',
  name,
  blemishes: [{ x: 90, y: 120, radius: 14 }],
  masked: false,
}));

describe('the Annotate screen', () => {
  const app = useApp({ images: IMAGES, side: SIZE.width });
  let page: Page;
  let annotate: AnnotatePage;

  const imageId = (name: ImageName) => NAMES.indexOf(name) + 1;

  async function openPage(name: ImageName): Promise<AnnotatePage> {
    const opened = await app.open(`#/annotate?image=${imageId(name)}`);
    const screen = new AnnotatePage(opened);
    await screen.ready(SIZE);
    return screen;
  }

  /** Opens a test's image. */
  async function open(name: ImageName) {
    annotate = await openPage(name);
    page = annotate.page;
  }

  const stored = async (name: ImageName) => await storedGroundTruth(app.host.home, imageId(name));

  /** The pixels that a round brush covers along a path, computed one by one. */
  const brushed = (path: Point[], diameter: number) => {
    const centers = path.map((point) => brushCenter(point, diameter));
    const segments = centers.map((to, at) => nearSegment(centers[Math.max(0, at - 1)], to, diameter / 2));
    return pixelsWhere(SIZE, (x, y) => segments.some((covers) => covers(x, y)));
  };

  it('asks for the author once, saves strokes exactly, undoes and redoes them', async () => {
    await open('brush');
    await annotate.size(9);
    const first = await annotate.drag([
      { x: 60, y: 60 },
      { x: 90, y: 70 },
      { x: 120, y: 140 },
    ]);
    await annotate.sign('A. Weber');
    await annotate.saved();
    const drawn = await stored('brush');
    expect(drawn?.author).toBe('A. Weber');
    expect(difference(drawn?.pixels, brushed(first, 9), SIZE)).toBe('');

    const second = await annotate.drag([
      { x: 180, y: 40 },
      { x: 180, y: 200 },
    ]);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+Shift+z');
    await annotate.undo.waitFor();
    await annotate.choose('Eraser');
    const erased = await annotate.drag([
      { x: 170, y: 100 },
      { x: 190, y: 100 },
    ]);
    await page.keyboard.press('Control+s');
    await annotate.saved();
    const [a, b, c] = [brushed(first, 9), brushed(second, 9), brushed(erased, 9)];
    const expected = pixelsWhere(SIZE, (x, y) => {
      const at = y * SIZE.width + x;
      return (a[at] | b[at]) !== 0 && c[at] === 0;
    });
    await expect.poll(async () => difference((await stored('brush'))?.pixels, expected, SIZE)).toBe('');

    for (let edit = 0; edit < 3; edit++) await annotate.undo.click();
    expect(await annotate.undo.isDisabled()).toBe(true);
    await page.keyboard.press('Control+s');
    await annotate.saved();
    // Before the first stroke the ground truth is unknown.
    expect(await stored('brush')).toMatchObject({ groundTruth: 'unknown', pixels: undefined });
  });

  it('closes a polygon at its first vertex and removes a part with Alt', async () => {
    await open('polygon');
    await annotate.choose('Polygon');
    const vertices = [];
    for (const vertex of [
      { x: 40, y: 40 },
      { x: 200, y: 60 },
      { x: 180, y: 200 },
      { x: 60, y: 180 },
    ]) {
      vertices.push(await annotate.click(vertex));
    }
    await annotate.click(vertices[0]);
    await annotate.choose('Rectangle');
    const [from, to] = await annotate.drag(
      [
        { x: 100, y: 100 },
        { x: 139, y: 119 },
      ],
      ['Alt'],
    );
    await annotate.saved();
    const around = woundAround(vertices);
    const expected = pixelsWhere(SIZE, (x, y) => {
      const inBox =
        x >= Math.floor(from.x) && x <= Math.floor(to.x) && y >= Math.floor(from.y) && y <= Math.floor(to.y);
      return around(x, y) && !inBox;
    });
    await expect.poll(async () => difference((await stored('polygon'))?.pixels, expected, SIZE)).toBe('');

    // Filling the hole restores the polygon.
    await page.keyboard.press('o');
    await page.keyboard.press('Control+s');
    await annotate.saved();
    const whole = pixelsWhere(SIZE, around);
    await expect.poll(async () => difference((await stored('polygon'))?.pixels, whole, SIZE)).toBe('');
  });

  it('selects similar pixels with the wand and cleans the mask', async () => {
    await open('wand');
    await annotate.choose('Magic wand');
    await annotate.click({ x: 90, y: 120 });
    await annotate.saved();
    const picked = (await stored('wand'))?.pixels;
    const inside = (x: number, y: number) => picked?.[y * 256 + x];
    expect([inside(90, 120), inside(84, 124), inside(200, 40), inside(90, 150)]).toEqual([255, 255, 0, 0]);
    await page.keyboard.press('.');
    await page.keyboard.press('o');
    await page.keyboard.press('i');
    await page.keyboard.press(',');
    await page.keyboard.press('Control+s');
    await annotate.saved();
    await annotate.choose('Fill');
    await annotate.click({ x: 90, y: 120 }, ['Alt']);
    await expect.poll(async () => (await stored('wand'))?.pixels?.[120 * 256 + 90] ?? 0).toBe(0);
    await annotate.saved();
  });

  it('adds the clicked heatmap region at the active threshold', async () => {
    await open('region');
    await annotate.choose('Heatmap region');
    await page.getByRole('button', { name: 'Inspect linen' }).click();
    const threshold = page.getByRole('slider', { name: 'Threshold' });
    await threshold.waitFor({ timeout: 60_000 });
    await expect
      .poll(async () => Number(await threshold.getAttribute('max')), { timeout: 30_000 })
      .toBeGreaterThan(0);
    await threshold.press('ArrowRight');
    await threshold.press('ArrowLeft');
    const picked = await annotate.click({ x: 90, y: 120 });
    await annotate.saved();
    const { scores, threshold: score } = await storedScores(app.host.home, imageId('region'));
    const reached = Array.from(scores.values, (value) => Number(value >= score));
    const at = Math.floor(picked.y) * SIZE.width + Math.floor(picked.x);
    expect(reached[at]).toBe(1);
    const region = connected(reached, SIZE, at, 8);
    const expected = pixelsWhere(SIZE, (x, y) => region.has(y * SIZE.width + x));
    await expect.poll(async () => difference((await stored('region'))?.pixels, expected, SIZE)).toBe('');
  });

  it('can be used by keyboard alone', async () => {
    await open('keyboard');
    await page.keyboard.press('b');
    for (
      let diameter = 16;
      diameter > 5;
      diameter = Math.max(5, diameter - Math.max(1, Math.round(diameter / 10)))
    )
      await page.keyboard.press('[');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+ArrowUp');
    await page.keyboard.press('Space');
    for (let step = 0; step < 3; step++) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('r');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Space');
    await page.keyboard.press('p');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+s');
    await annotate.saved();
    const path = [
      { x: 128.5, y: 28.5 },
      { x: 158.5, y: 28.5 },
      { x: 158.5, y: 29.5 },
    ];
    const stroke = brushed(path, 5);
    const triangle = woundAround([
      { x: 148.5, y: 69.5 },
      { x: 158.5, y: 69.5 },
      { x: 158.5, y: 79.5 },
    ]);
    const expected = pixelsWhere(
      SIZE,
      (x, y) => stroke[y * 256 + x] !== 0 || (x >= 148 && x <= 158 && y >= 49 && y <= 59) || triangle(x, y),
    );
    await expect.poll(async () => difference((await stored('keyboard'))?.pixels, expected, SIZE)).toBe('');
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowRight');
    await page.getByText('normal.png').first().waitFor();
  });

  it('keeps all revisions and restores any of them', async () => {
    await open('revisions');
    await annotate.size(20);
    const first = await annotate.drag([
      { x: 50, y: 50 },
      { x: 60, y: 50 },
    ]);
    await annotate.saved();
    await annotate.drag([
      { x: 150, y: 150 },
      { x: 160, y: 150 },
    ]);
    await page.keyboard.press('Control+s');
    await annotate.saved();
    const both = (await stored('revisions'))?.pixels;
    await page.getByRole('button', { name: /^Restore revision 1/ }).click();
    await expect.poll(async () => (await stored('revisions'))?.revision).toBe(3);
    await expect
      .poll(async () => difference((await stored('revisions'))?.pixels, brushed(first, 20), SIZE))
      .toBe('');
    await annotate.status.filter({ hasText: 'revision 3' }).waitFor();
    // Undo restores the strokes as a new revision.
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+s');
    await expect
      .poll(async () => difference((await stored('revisions'))?.pixels, both as Uint8Array, SIZE))
      .toBe('');
    await expect.poll(() => annotate.revisions.count()).toBe(5);
    await page.getByRole('button', { name: /^Restore revision 0/ }).click();
    await expect.poll(() => stored('revisions')).toMatchObject({ groundTruth: 'unknown', revision: 5 });
  });

  it('marks an image as normal and as unknown', async () => {
    await open('normal');
    await page.keyboard.press('Shift+n');
    await expect.poll(() => stored('normal')).toMatchObject({ groundTruth: 'normal', author: 'A. Weber' });
    await annotate.status.filter({ hasText: 'revision 1 by A. Weber' }).waitFor();
    await page.getByRole('button', { name: 'Mark as unknown' }).click();
    await expect.poll(() => stored('normal')).toMatchObject({ groundTruth: 'unknown', revision: 2 });
    await annotate.status.filter({ hasText: 'revision 2 by A. Weber' }).waitFor();
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+s');
    await expect.poll(() => stored('normal')).toMatchObject({ groundTruth: 'normal', revision: 3 });
    await annotate.saved();
  });

  it('keeps saved masks through a crash of the host', async () => {
    await open('restart');
    const drawn = await annotate.drag([
      { x: 70, y: 200 },
      { x: 200, y: 190 },
    ]);
    await annotate.saved();
    await page.close();
    await app.killHost();
    await open('restart');
    await expect
      .poll(async () => difference((await stored('restart'))?.pixels, brushed(drawn, 16), SIZE))
      .toBe('');
    await annotate.status.filter({ hasText: 'revision 1 by A. Weber' }).waitFor();
    const more = await annotate.drag([
      { x: 70, y: 60 },
      { x: 80, y: 60 },
    ]);
    // Leaving the image saves immediately.
    await page.keyboard.press('ArrowLeft');
    const [a, b] = [brushed(drawn, 16), brushed(more, 16)];
    const expected = pixelsWhere(SIZE, (x, y) => (a[y * 256 + x] | b[y * 256 + x]) !== 0);
    await expect.poll(async () => difference((await stored('restart'))?.pixels, expected, SIZE)).toBe('');
  });

  it.skipIf(onDesktop)('never overwrites a newer revision, and asks the operator', async () => {
    await open('conflict');
    const other = await openPage('conflict');
    await other.drag([
      { x: 30, y: 30 },
      { x: 40, y: 30 },
    ]);
    await other.saved();
    const mine = await annotate.drag([
      { x: 200, y: 200 },
      { x: 210, y: 200 },
    ]);
    await annotate.dialog.getByRole('heading', { name: 'This mask has changed' }).waitFor();
    expect(await stored('conflict')).toMatchObject({ revision: 1 });
    await annotate.dialog.getByRole('button', { name: 'Keep mine' }).click();
    await annotate.saved();
    await expect
      .poll(async () => difference((await stored('conflict'))?.pixels, brushed(mine, 16), SIZE))
      .toBe('');

    const theirs = await other.drag([
      { x: 100, y: 100 },
      { x: 110, y: 100 },
    ]);
    expect(theirs).toHaveLength(2);
    await other.dialog.getByRole('button', { name: 'Load theirs' }).click();
    await other.saved();
    await other.page.getByText('revision 2 by A. Weber').waitFor();
    await other.page.close();
    expect((await stored('conflict'))?.revision).toBe(2);
  });

  it('exports masks exactly and imports them again', async () => {
    await open('export');
    const drawn = await annotate.drag([
      { x: 20, y: 128 },
      { x: 236, y: 128 },
    ]);
    await annotate.saved();
    const target = join(app.folder, 'masks');
    await page.getByRole('button', { name: /^Export masks/ }).click();
    await annotate.dialog.getByRole('textbox', { name: 'Folder' }).fill(target);
    await page.keyboard.press('Enter');
    await annotate.dialog.getByText(/masks? exported/).waitFor();
    const file = await readFile(join(target, 'linen', 'ground_truth', 'hole', 'export_mask.png'));
    expect(difference(await grayPixels(file), brushed(drawn, 16), SIZE)).toBe('');
    await page.keyboard.press('Escape');

    await page.keyboard.press('Shift+n');
    await expect.poll(() => stored('export')).toMatchObject({ groundTruth: 'normal' });
    await page.getByRole('button', { name: /^Import masks/ }).click();
    await annotate.dialog.getByRole('textbox', { name: 'Folder' }).fill(target);
    await page.keyboard.press('Enter');
    await annotate.dialog.getByText(/masks? imported/).waitFor();
    await expect
      .poll(async () => difference((await stored('export'))?.pixels, brushed(drawn, 16), SIZE))
      .toBe('');
  });

  it('has no serious accessibility violation', async () => {
    await open('wand');
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    expect(await seriousViolations(page)).toEqual([]);
  });
});
