import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNpy, readPreciseNpy, writeNpy } from './npy.ts';

const bytesOf = (header: string, body: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(10 + header.length + body.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(Buffer.from(header, 'latin1'), 10);
  bytes.set(body, 10 + header.length);
  return bytes;
};

describe('NPY files', () => {
  it('survive a round trip in any shape', () => {
    const sides = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sides, fc.integer(), (shape, seed) => {
        const count = shape.reduce((product, side) => product * side, 1);
        const values = Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i));
        const bytes = writeNpy({ shape, values });
        expect(readNpy(bytes)).toEqual({ shape, values });
        // A Node Buffer is a view of a larger pool.
        expect(readNpy(Buffer.concat([bytes]))).toEqual({ shape, values });
      }),
    );
  });

  it('start their values at a multiple of 64 bytes, as NumPy does', () => {
    const bytes = writeNpy({ shape: [2, 3], values: new Float32Array(6) });
    expect((bytes.length - 24) % 64).toBe(0);
  });

  it('are read as float32 if they contain float64', () => {
    const body = new Uint8Array(Float64Array.of(0.5, -2).buffer);
    const bytes = bytesOf(`{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n`, body);
    expect(readNpy(bytes).values).toEqual(Float32Array.of(0.5, -2));
  });

  it('are read as 64-bit integers if float64 represents them exactly', () => {
    const body = new Uint8Array(BigInt64Array.of(-(2n ** 53n) + 1n, 7n).buffer);
    const bytes = bytesOf(`{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }\n`, body);
    expect(readPreciseNpy(bytes).values).toEqual(Float64Array.of(-(2 ** 53) + 1, 7));
  });

  it.each([
    ['text', Buffer.from('this is not an array at all')],
    ['nothing', new Uint8Array(0)],
    ['a truncated body', writeNpy({ shape: [4], values: new Float32Array(4) }).subarray(0, -3)],
    ['a truncated header', writeNpy({ shape: [4], values: new Float32Array(4) }).subarray(0, 40)],
    ['complex', bytesOf(`{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }\n`, new Uint8Array(8))],
    [
      'structured',
      bytesOf(`{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }\n`, new Uint8Array(4)),
    ],
    [
      'integers that float64 would round',
      bytesOf(
        `{'descr': '<u8', 'fortran_order': False, 'shape': (2,), }\n`,
        new Uint8Array(BigUint64Array.of(2n ** 53n, 2n ** 53n + 1n).buffer),
      ),
    ],
    ['an archive', Buffer.from('PK\x03\x04 and more')],
    ['objects', bytesOf(`{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n`, new Uint8Array(8))],
  ])('are refused with a reason: %s', (_, bytes) => {
    expect(() => readNpy(bytes, 'maps/x.npy')).toThrow(
      expect.objectContaining({
        code: 'INVALID_NPY',
        message: expect.stringMatching(/^maps\/x\.npy is not .+: .+\./),
      }),
    );
  });
});
