import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import sharp from 'sharp';

/** A blemish of a woven texture: a disc in which the weave is missing. Lengths in pixels. */
export interface Blemish {
  x: number;
  y: number;
  radius: number;
}

/** Draws a woven texture as PNG. The same `seed` gives the same picture. */
export async function weave(side: number, seed: number, blemishes: Blemish[] = []): Promise<Buffer> {
  const pixels = Buffer.alloc(side * side * 3);
  const noise = noiseFrom(seed);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const missing = blemishes.some((spot) => Math.hypot(x - spot.x, y - spot.y) < spot.radius);
      const thread = missing ? -0.6 : Math.sin(x * 0.9) * Math.cos(y * 0.9);
      const level = 128 + 60 * thread + 16 * (noise() - 0.5);
      pixels.set([level, level * 0.9, level * 0.75], 3 * (y * side + x));
    }
  }
  return await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}

/** Writes files, making their folders. */
export async function lay(files: Record<string, Buffer>): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

/** A small linear congruential generator: 0 to 1. */
function noiseFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
