import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { nearSegment, pixelsWhere } from '../src-renderer/mask/test/reference.ts';
import { brushCenter } from '../src-renderer/mask/shapes.ts';
import { importMvtec } from './fixtures/fixture-dataset.ts';
import { difference, storedGroundTruth } from './fixtures/masks.ts';
import { weaveStrip, writeFiles } from './fixtures/textures.ts';
import { useApp } from './harness/use-app.ts';
import { AnnotatePage } from './pages/annotate.ts';
import { InspectPage } from './pages/inspect.ts';

const TIMEOUT = { timeout: 30_000, interval: 100 };
/** Too long to be drawn as one bitmap, and so large that it is inspected in blocks. */
const SIZE = { width: 256, height: 17_000 };
const HOLE = { x: 120, y: 12_345, radius: 20 };

describe('an image that is shown as tiles', () => {
  let strip: Buffer;
  const app = useApp({
    async prepare(folder) {
      strip = await weaveStrip(SIZE, 1, [HOLE]);
      await writeFiles({ [join(folder, 'strips', 'fabric', 'test', 'hole', 'strip.png')]: strip });
      await importMvtec(join(folder, 'strips'));
    },
  });

  it('is inspected, and its worst region and pixels are found', async () => {
    const page = await app.open('#/inspect?image=1');
    const inspect = new InspectPage(page);
    await inspect.inspected(1);
    await inspect.regions.first().click();
    await expect.poll(() => inspect.zoomPercent(), TIMEOUT).toBeGreaterThan(20);
    const box = await inspect.canvas('Heatmap').boundingBox();
    if (!box) throw new Error('The heatmap is not visible.');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const place = /x\s*(\d+)\s*y\s*([\d\s]+?)\s*rgb\s*(\d+)\s+(\d+)\s+(\d+)/;
    const read = async () => place.exec((await inspect.readout.innerText()).replaceAll(/\s+/g, ' '));
    await expect.poll(async () => await read(), TIMEOUT).not.toBeNull();
    const [x, y, ...color] = ((await read()) ?? []).slice(1).map((text) => Number(text.replaceAll(' ', '')));
    expect(Math.hypot(x - HOLE.x, y - HOLE.y)).toBeLessThan(2 * HOLE.radius);
    const pixel = await sharp(strip).extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer();
    expect(color).toEqual([...pixel]);
    const shown = await inspect.pixels('Heatmap');
    const corner = shown.at(5, 5);
    expect(shown.count(([red]) => red > corner[0] + 100)).toBeGreaterThan(100);
  });

  it('is annotated exactly', async () => {
    const page = await app.open('#/annotate?image=1');
    const annotate = new AnnotatePage(page);
    await annotate.ready(SIZE);
    await annotate.size(40);
    const path = await annotate.drag([
      { x: 60, y: 2000 },
      { x: 180, y: 9000 },
    ]);
    await annotate.sign('A. Weber');
    await annotate.saved();
    const centers = path.map((point) => brushCenter(point, 40));
    const covers = nearSegment(centers[0], centers[1], 20);
    const expected = pixelsWhere(SIZE, (x, y) => covers(x, y));
    const stored = await storedGroundTruth(app.host.home, 1);
    expect(difference(stored?.pixels, expected, SIZE)).toBe('');
  });
});
