import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { expected, fixture } from '../readers/test/fixtures.ts';
import { ingestImage } from './ingest-image.ts';

const LIMIT = 1e6;
const request = (name: string, ...masks: string[]) => ({
  path: fixture(name),
  masks: masks.map(fixture),
  strip: false,
  maxPixels: LIMIT,
});
const context = { signal: new AbortController().signal, report: () => {} };
const ingest = (of: Parameters<typeof ingestImage>[0]) => ingestImage(of, context);
const area = expected.defect.reduce((sum, value) => sum + value, 0);

describe('ingesting an image', () => {
  it('reports what the reader ignored or guessed', async () => {
    const path = fixture('color-and-nir.tif');
    const { problems } = await ingest(request('color-and-nir.tif'));
    expect(problems).toEqual([
      { kind: 'note', path, message: `${path}: Ignored band 4 of 4, which is not declared as alpha.` },
    ]);
  });

  it('measures the used range, and leaves the bit depth to the class', async () => {
    const { tiles, problems } = await ingest(request('gray12in16.tif'));
    expect(tiles).toMatchObject([{ width: 24, height: 16, used: { bits: 12 } }]);
    expect(problems).toEqual([]);
  });

  it('yields one image per page, with the same page of the mask', async () => {
    const { tiles, problems } = await ingest({
      ...request('pages.tif', 'mask-pages.tif'),
      normal: true,
    });
    expect(tiles.map(({ page, mask }) => [page, mask?.pixels])).toEqual([
      [1, area],
      [2, 0],
      [3, area],
    ]);
    expect(problems).toEqual([]);
    const { data } = await sharp(tiles[2].mask?.png)
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, defect } = expected;
    for (let i = 0; i < width * height; i++)
      expect(data[i] > 0 ? 1 : 0).toBe(defect[(height - 1 - Math.floor(i / width)) * width + (i % width)]);
  });

  it('of several pages ignores a single mask, and reports it', async () => {
    const { tiles, problems } = await ingest(request('pages.tif', 'mask-0-255.png'));
    expect(tiles.map(({ mask }) => mask)).toEqual([undefined, undefined, undefined]);
    expect(problems).toMatchObject([
      { kind: 'mask-without-image', message: expect.stringMatching(/has 3 pages/) },
    ]);
  });

  it('of one page uses the first page of its mask, and reports it', async () => {
    const { tiles, problems } = await ingest(request('gray.png', 'mask-pages.tif'));
    expect(tiles[0].mask?.pixels).toBe(area);
    expect(problems).toMatchObject([
      { kind: 'note', message: expect.stringMatching(/It has 3 pages\. Only the first is used\./) },
    ]);
  });
});
