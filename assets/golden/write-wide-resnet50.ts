// Writes the random Wide ResNet-50-2 checkpoint of the golden tests: node assets/golden/write-wide-resnet50.ts OUT.pth

import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import weights from './wide_resnet50_2.weights.json' with { type: 'json' };

/**
 * Writes `wide_resnet50_2.random.pth.gz` with its zeros replaced by random weights. The committed file keeps
 * everything that PyTorch wrote except the weights, which do not compress (8 MB).
 */
export async function writeWideResnet50(path: string): Promise<void> {
  const file = gunzipSync(await readFile(new URL('wide_resnet50_2.random.pth.gz', import.meta.url)));
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const nextByte = createByteGenerator(weights.seed);
  for (const { byteOffset, count, center, exponent } of weights.tensors) {
    for (let i = 0; i < count; i++) {
      // Exact in float16, so every program that follows this formula gets the same bytes.
      const value = center + (2 * nextByte() - 255) * 2 ** -exponent;
      view.setFloat16(byteOffset + 2 * i, value, true);
    }
  }
  await writeFile(path, file);
}

/** The upper byte of each number of mulberry32. */
function createByteGenerator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 24) & 0xff;
  };
}

if (import.meta.main) await writeWideResnet50(process.argv[2]);
