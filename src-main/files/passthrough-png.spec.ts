import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isPassthroughPng } from './passthrough-png.ts';

const noise = sharp(Buffer.from(Uint8Array.from({ length: 3 * 20 * 10 }, (_, at) => (at * 31) % 256)), {
  raw: { width: 20, height: 10, channels: 3 },
});
const plain = await noise.clone().png().toBuffer();

describe('a PNG that is sent to the page unchanged', () => {
  it('may be gray, RGB or have a palette', async () => {
    expect(isPassthroughPng(plain)).toBe(true);
    expect(isPassthroughPng(await noise.clone().toColourspace('b-w').png().toBuffer())).toBe(true);
    expect(isPassthroughPng(await noise.clone().png({ palette: true }).toBuffer())).toBe(true);
  });

  it('has no transparency, no 16-bit samples, no color profile and no orientation', async () => {
    for (const other of [
      noise.clone().ensureAlpha(0.5).png(),
      noise.clone().toColourspace('rgb16').png(),
      noise.clone().withIccProfile('p3').png(),
      noise.clone().withMetadata({ orientation: 6 }).png(),
      noise.clone().jpeg(),
    ])
      expect(isPassthroughPng(await other.toBuffer())).toBe(false);
  });

  it('is complete', () => {
    for (let length = 0; length < plain.length; length += 7)
      expect(isPassthroughPng(plain.subarray(0, length))).toBe(false);
    for (let at = 0; at < plain.length; at++) {
      const broken = Buffer.from(plain);
      broken[at] ^= 1;
      expect(isPassthroughPng(broken), `byte ${at}`).toBe(false);
    }
  });
});
