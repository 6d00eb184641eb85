import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import sharp from 'sharp';
import { decodeMaskPng, encodeMaskPng } from './mask-png.ts';
import { runsOf } from './mask-runs.ts';

const sizedMasks = fc
  .record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) })
  .chain(({ width, height }) =>
    fc.record({
      size: fc.constant({ width, height }),
      pixels: fc
        .array(fc.boolean(), { minLength: width * height, maxLength: width * height })
        .map((set) => Uint8Array.from(set, (is) => (is ? 255 : 0))),
    }),
  );

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

describe('encodeMaskPng', () => {
  it('writes 8-bit grayscale with unfiltered lines and unchanged pixels', async () => {
    await fc.assert(
      fc.asyncProperty(sizedMasks, async ({ size, pixels }) => {
        const chunks = chunksOf(await encodeMaskPng(runsOf(pixels, size.width), size));
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
    const chunks = chunksOf(await encodeMaskPng(new Float64Array(), { width: 1, height: 1 }));
    expect(chunks.get('IEND')?.checksum).toBe(0xae426082);
  });
});

describe('decodeMaskPng', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('decompresses little at a time, because a browser decompresses a chunk of a stream at once', async () => {
    const sizes: number[] = [];
    class Observed {
      readonly readable: ReadableStream;
      readonly writable: WritableStream;
      constructor() {
        const sink = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
          transform(chunk, controller) {
            sizes.push(chunk.length);
            controller.enqueue(chunk);
          },
        });
        this.writable = sink.writable;
        this.readable = sink.readable.pipeThrough(new inflater('deflate'));
      }
    }
    const inflater = DecompressionStream;
    const size = { width: 512, height: 512 };
    const pixels = Uint8Array.from({ length: 512 ** 2 }, (_, at) => ((at * at) % 101 < 50 ? 255 : 0));
    const runs = runsOf(pixels, size.width);
    const png = await encodeMaskPng(runs, size);
    vi.stubGlobal('DecompressionStream', Observed);
    expect((await decodeMaskPng(png)).runs).toEqual(runs);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024);
  });

  const reasonOf = async (png: Uint8Array) =>
    await decodeMaskPng(png).then(
      () => 'none',
      (thrown: Error) => thrown.message,
    );

  it('reads the masks that it writes', async () => {
    await fc.assert(
      fc.asyncProperty(sizedMasks, async ({ size, pixels }) => {
        const runs = runsOf(pixels, size.width);
        expect(await decodeMaskPng(await encodeMaskPng(runs, size))).toEqual({ ...size, runs });
      }),
      { numRuns: 50 },
    );
  });

  it('reads gray values with any filter; more than half is anomalous', async () => {
    const [width, height] = [61, 40];
    const gray = Uint8Array.from({ length: width * height }, (_, at) => (at * 37 + (at >> 4) * 11) % 256);
    for (const adaptiveFiltering of [false, true]) {
      const png = await sharp(gray, { raw: { width, height, channels: 1 } })
        .toColourspace('b-w')
        .png({ adaptiveFiltering })
        .toBuffer();
      const expected = runsOf(
        gray.map((value) => (value > 127 ? 255 : 0)),
        width,
      );
      expect((await decodeMaskPng(png)).runs).toEqual(expected);
    }
  });

  it('takes little memory for a mask of 537 megapixels', async () => {
    const size = { width: 8192, height: 65_536 };
    const runs = Float64Array.of(5, 9, 65_535 * 8192 + 8000, 65_535 * 8192 + 8192);
    const before = process.memoryUsage().arrayBuffers;
    const png = await encodeMaskPng(runs, size);
    expect(png.length).toBeLessThan(2 ** 20);
    expect((await decodeMaskPng(png)).runs).toEqual(runs);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 28);
  }, 30_000);

  it('refuses a size before it decodes pixels', async () => {
    const png = await encodeMaskPng(new Float64Array(), { width: 9, height: 9 });
    const refuse = () => {
      throw new Error('wrong size');
    };
    await expect(decodeMaskPng(png, refuse)).rejects.toThrow('wrong size');
  });

  it('says why a file is no mask', async () => {
    const png = await encodeMaskPng(new Float64Array(), { width: 9, height: 9 });
    const color = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const damaged = png.slice();
    damaged[45]++;
    expect(await reasonOf(new Uint8Array())).toBe('it is empty');
    expect(await reasonOf(Uint8Array.of(1, 2, 3))).toBe('it is not an 8-bit gray PNG');
    expect(await reasonOf(color)).toBe('it is not an 8-bit gray PNG');
    expect(await reasonOf(png.subarray(0, png.length - 20))).toBe('it is not complete');
    expect(await reasonOf(damaged)).toBe('a checksum is wrong');
  });
});
