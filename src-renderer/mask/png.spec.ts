import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeGrayPng } from './png.ts';
import { sizedMasks } from './test/arbitrary.ts';

/** The chunks of a PNG file by name, with their checksums. */
function chunksOf(png: Uint8Array): Map<string, { content: Uint8Array<ArrayBuffer>; checksum: number }> {
  const chunks = new Map();
  const view = new DataView(png.buffer, png.byteOffset);
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...png.subarray(at + 4, at + 8));
    chunks.set(name, {
      content: png.slice(at + 8, at + 8 + length),
      checksum: view.getUint32(at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

describe('encodeGrayPng', () => {
  it('writes 8-bit grayscale with unfiltered lines and unchanged pixels', async () => {
    await fc.assert(
      fc.asyncProperty(sizedMasks, async ({ size, pixels }) => {
        const chunks = chunksOf(await encodeGrayPng(pixels, size));
        expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
        const header = chunks.get('IHDR')?.content ?? new Uint8Array();
        const { width, height } = size;
        expect([...header]).toEqual([0, 0, 0, width, 0, 0, 0, height, 8, 0, 0, 0, 0]);
        const lines = await inflate(chunks.get('IDAT')?.content ?? new Uint8Array());
        expect(lines.filter((_, at) => at % (width + 1) !== 0)).toEqual(pixels);
        expect(lines.filter((_, at) => at % (width + 1) === 0)).toEqual(new Uint8Array(height));
      }),
      { numRuns: 50 },
    );
  });

  it('writes CRC-32 checksums', async () => {
    const chunks = chunksOf(await encodeGrayPng(new Uint8Array(1), { width: 1, height: 1 }));
    expect(chunks.get('IEND')?.checksum).toBe(0xae426082);
  });
});
