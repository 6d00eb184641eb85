import { describe, expect, it } from 'vitest';
import { decodeMaskPng, encodeMaskPng } from '../../common/maps/mask-png.ts';
import { normalizeMask } from './normalize-mask.ts';

describe('a drawn mask', () => {
  it.each([
    { width: 300, height: 200 },
    // Above the size that is in memory as a whole.
    { width: 1024, height: 70_000 },
  ])('of $width x $height keeps its pixels', async ({ width, height }) => {
    const last = (height - 1) * width;
    const runs = Float64Array.of(7, 12, last + 100, last + 103);
    const png = await encodeMaskPng(runs, { width, height });
    const stored = await normalizeMask({ mask: { png }, width, height });
    expect(stored.pixels).toBe(8);
    expect(await decodeMaskPng(stored.png)).toEqual({ runs, width, height });
  });

  it('of another size, or that is damaged, is refused', async () => {
    const png = await encodeMaskPng(new Float64Array(), { width: 30, height: 20 });
    const refused = async (bytes: Uint8Array, width: number) =>
      await normalizeMask({ mask: { png: bytes }, width, height: 20 }).catch(
        (thrown: Error) => thrown.message,
      );
    expect(await refused(png, 31)).toContain('has 30 x 20 pixels, but its image has 31 x 20');
    expect(await refused(png.subarray(0, 40), 30)).toBe(
      'The drawn mask cannot be read (it is not complete). Nothing was saved.',
    );
  });
});
