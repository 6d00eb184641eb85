import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from './symmetric-eigen.ts';

const execution = { threads: 1 };

/** Symmetric matrices: random, with many ties and zeros, of low rank, or of very different magnitudes. */
const matrices = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc
    .array(fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
      minLength: n * n,
      maxLength: n * n,
    })
    .map((values) => {
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = values[i * n + j];
      }
      return { matrix, n };
    }),
);

describe('the eigenvectors of a symmetric matrix', () => {
  it('are orthonormal, and reproduce the matrix with the ascending eigenvalues', async () => {
    await fc.assert(
      fc.asyncProperty(matrices, async ({ matrix, n }) => {
        const { values, vectors } = await symmetricEigen(matrix.slice(), n, execution);
        const scale = Math.max(1e-300, ...matrix.map(Math.abs));
        const product = (a: number, b: number, weight: (k: number) => number) => {
          let sum = 0;
          for (let k = 0; k < n; k++) sum += weight(k) * vectors[k * n + a] * vectors[k * n + b];
          return sum;
        };
        for (let i = 0; i < n; i++) {
          if (i > 0) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]);
          for (let j = 0; j < n; j++) {
            expect(product(i, j, () => 1)).toBeCloseTo(Number(i === j), 10);
            expect(product(i, j, (k) => values[k] / scale)).toBeCloseTo(matrix[i * n + j] / scale, 10);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('can be canceled', async () => {
    const n = 64;
    const matrix = Float64Array.from({ length: n * n }, (_, at) => ((at % n) + Math.floor(at / n)) % 7);
    const controller = new AbortController();
    const onProgress = (fraction: number) => fraction > 0.5 && controller.abort(new Error('enough'));
    await expect(
      symmetricEigen(matrix, n, { threads: 1, signal: controller.signal, onProgress }),
    ).rejects.toThrow('enough');
  });
});
