import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contourRings } from '../../common/maps/contour.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import type { PlacedMap } from '../../common/maps/placed-map.ts';
import { ImageCache } from '../inspection/image-cache.ts';
import { inspect } from '../inspection/inspect.ts';
import { encodePreview } from '../readers/decode-image.ts';
import { openImage } from '../readers/open-image.ts';
import { openPixelFile } from '../readers/pixel-files/open-pixel-file.ts';
import { fixture } from '../readers/test/fixtures.ts';
import { handlerContext } from '../runtime/test/context.ts';
import { contourSvg, PREDICTION_STYLE } from './contour-svg.ts';
import { dimOutside } from './dim-outside.ts';
import { reducePixels, rowsOf } from './reduce-pixels.ts';
import { renderInspection } from './render-inspection.ts';

vi.mock('../readers/open-image.ts', { spy: true });

const maxPixels = 1e6;
const encodings = vi.spyOn(Object.getPrototypeOf(sharp(Buffer.of(0))) as typeof sharp.prototype, 'png');
let folder: string;
let map: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-pictures-'));
  map = join(folder, 'map.npy');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pixelsOf = async (png: Uint8Array) => {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return { size: [info.width, info.height, info.channels], data: Buffer.from(data) };
};

describe('pictures of an inspection', () => {
  const source = { path: fixture('color.png'), maxPixels };
  const method = { extractor: 'colors', statistic: 'fca', reference: 'median', patchSize: 3 };
  const calls = () => {
    const counts = { decoded: vi.mocked(openImage).mock.calls.length, encoded: encodings.mock.calls.length };
    vi.clearAllMocks();
    return counts;
  };

  it('need no second decoding of the image, and each is encoded once', async () => {
    const context = handlerContext();
    calls();
    const request = { ...source, method, provider: 'cpu' as const, keepPixels: true };
    const { placed } = await inspect(request, context);
    expect(calls()).toEqual({ decoded: 1, encoded: 0 });
    await writeFile(map, writeNpy({ shape: [placed.map.height, placed.map.width], ...placed.map }));
    const pictures = { ...source, map, placement: placed, range: { low: 0, high: 1 }, threshold: 0.1 };
    await renderInspection(pictures, context);
    expect(calls()).toEqual({ decoded: 0, encoded: 3 });
    // A second method on the same image.
    await inspect(request, context);
    await renderInspection(pictures, context);
    expect(calls()).toEqual({ decoded: 0, encoded: 3 });
    // The pixels were not kept.
    await renderInspection(pictures, { imageCache: new ImageCache() });
    expect(calls()).toEqual({ decoded: 1, encoded: 3 });
  });
});

/** One position per 4 x 4 pixels, which rises to 1 at the bottom right. */
async function placedOn({ path, bitDepth }: { path: string; bitDepth?: number }): Promise<PlacedMap> {
  const preview = await encodePreview(path, undefined, { maxPixels, bitDepth });
  const { width, height } = await sharp(preview).metadata();
  const [columns, rows] = [Math.ceil(width / 4), Math.ceil(height / 4)];
  const values = Float32Array.from({ length: columns * rows }, (_, at) => (at + 1) / (columns * rows));
  await writeFile(map, writeNpy({ shape: [rows, columns], values }));
  const placement = { width, height, extentWidth: 4 * columns, extentHeight: 4 * rows };
  return { ...placement, map: { values, width: columns, height: rows } };
}

describe('the overlay of an inspection', () => {
  const range = { low: 0, high: 1 };
  it.each([
    'color.png',
    'gray.png',
    'palette.png',
    'bits.png',
    'gray2bit.png',
    'color.jpg',
    'color.webp',
    'color-orientation6.jpg',
    'color-orientation6.tif',
    'color-cmyk.jpg',
    'palette-trns.png',
    'color24.bmp',
    'color16.png',
    'gray16.png',
    'gray12in16.tif',
    'gray16-linear-profile.tif',
    'color16.ppm',
    'gray-linear-profile.png',
    'color-srgb-profile.png',
    'gray16-opaque-alpha.tif',
    'color-text.ppm',
  ])('has the pixels of the preview of %s', async (name) => {
    for (const bitDepth of [undefined, 12]) {
      const source = { path: fixture(name), maxPixels, ...(bitDepth !== undefined && { bitDepth }) };
      const placement = await placedOn(source);
      const preview = await encodePreview(source.path, undefined, source);
      const wanted = await pixelsOf(await sharp(preview).removeAlpha().png().toBuffer());
      const imageCache = new ImageCache();
      const pictures = async () => {
        const { overlay } = await renderInspection(
          { ...source, map, placement, range, threshold: 2 },
          { imageCache },
        );
        return pixelsOf(overlay);
      };
      expect(await pictures()).toEqual(wanted);
      await imageCache.decode({ ...source, keepPixels: true });
      expect(imageCache.keptPixels(source)).toBeDefined();
      expect(await pictures()).toEqual(wanted);
    }
  });

  it('has contours, and is dimmed outside the region', async () => {
    const source = { path: fixture('color.png'), maxPixels };
    const whole = await placedOn(source);
    const left = {
      type: 'rectangle' as const,
      left: 0,
      top: 0,
      width: whole.width / 2,
      height: whole.height,
    };
    const placement = { ...whole, region: { include: [], exclude: [left], border: 0 } };
    const { overlay } = await renderInspection(
      { ...source, map, placement, range, threshold: 0.5 },
      { imageCache: new ImageCache() },
    );
    const preview = sharp(await encodePreview(source.path, undefined, source)).composite([
      ...dimOutside(placement.region, placement),
      ...contourSvg(contourRings(placement, 0.5), placement, PREDICTION_STYLE),
    ]);
    expect(await pixelsOf(overlay)).toEqual(await pixelsOf(await preview.removeAlpha().png().toBuffer()));
  });
});

it('reduces kept pixels as those of a pixel file', async () => {
  const source = { path: fixture('color.png'), maxPixels };
  const imageCache = new ImageCache();
  const { value } = await imageCache.decode({ ...source, keepPixels: true });
  const kept = imageCache.keptPixels(source);
  if (!kept) throw new Error('no pixels were kept');
  const file = await openPixelFile(source, { folder, maxBytes: 1e6 });
  const reduced = await reducePixels(rowsOf(kept), 3);
  expect(reduced).toEqual(await reducePixels(file, 3));
  expect(reduced).toMatchObject({ width: Math.ceil(value.width / 3), height: Math.ceil(value.height / 3) });
  await file.close();
});
