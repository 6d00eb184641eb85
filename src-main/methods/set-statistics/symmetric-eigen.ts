import type { Execution } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';

/** Eigenvalues in ascending order; row i of `vectors` (n x n) is the unit eigenvector of value i. */
export interface Eigen {
  values: Float64Array;
  vectors: Float64Array;
}

const MAX_ITERATIONS = 60;
/** Elements that are smaller, in a matrix scaled to 1, are zero. Their squares would underflow. */
const NEGLIGIBLE = 1e-140;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix: Householder reduction to tridiagonal form, then implicit QL (Golub & Van
 * Loan, Matrix Computations, section 8.3). All inner loops run along rows. Cost O(n^3).
 *
 * @param matrix n x n, is overwritten
 */
export async function symmetricEigen(matrix: Float64Array, n: number, execution: Execution): Promise<Eigen> {
  // Scaled to 1, squares neither overflow nor underflow.
  const largest = matrix.reduce((found, value) => Math.max(found, Math.abs(value)), 0);
  if (largest > 0) for (let i = 0; i < matrix.length; i++) matrix[i] /= largest;
  const { diagonal, offDiagonal, basis } = await tridiagonalize(matrix, n, execution);
  await diagonalize(diagonal, offDiagonal, basis, n, execution);
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[a] - diagonal[b]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(basis.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (at) => diagonal[at] * largest), vectors };
}

/** `matrix` = basis' T basis with a tridiagonal T and an orthogonal basis. */
interface Tridiagonal {
  diagonal: Float64Array;
  /** Element i is at row i + 1, column i of T; the last is 0. */
  offDiagonal: Float64Array;
  basis: Float64Array;
}

async function tridiagonalize(a: Float64Array, n: number, execution: Execution): Promise<Tridiagonal> {
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const scales = new Float64Array(n);
  const product = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    if (k % 8 === 0) await yieldAndCheck(execution, (0.3 * k) / n);
    diagonal[k] = a[k * n + k];
    const reflector = a.subarray(k * n, (k + 1) * n);
    scales[k] = makeReflector(reflector, k + 1, offDiagonal, k);
    if (scales[k] !== 0) reflectBothSides(a, n, k + 1, reflector, scales[k], product);
  }
  if (n > 0) diagonal[n - 1] = a[n * n - 1];
  return { diagonal, offDiagonal, basis: await accumulate(a, n, scales, execution) };
}

/**
 * Replaces the part of a row from `first` on by the vector v of the reflection I - scale v v' that maps it to a multiple of the first
 * unit vector, which becomes the element of the off-diagonal.
 *
 * @returns the scale; 0 if nothing has to be reflected
 */
function makeReflector(row: Float64Array, first: number, offDiagonal: Float64Array, at: number): number {
  let largest = 0;
  for (let i = first; i < row.length; i++) largest = Math.max(largest, Math.abs(row[i]));
  if (largest < NEGLIGIBLE) return 0;
  let tail = 0;
  for (let i = first + 1; i < row.length; i++) tail += (row[i] / largest) ** 2;
  offDiagonal[at] = row[first];
  if (tail === 0) return 0;
  const norm = largest * Math.sqrt((row[first] / largest) ** 2 + tail);
  const head = row[first] > 0 ? row[first] + norm : row[first] - norm;
  offDiagonal[at] = row[first] > 0 ? -norm : norm;
  for (let i = first + 1; i < row.length; i++) row[i] /= head;
  row[first] = 1;
  return Math.abs(head) / norm;
}

/** Applies the reflection from both sides to the lower right part of the matrix, from row and column `first` on. */
function reflectBothSides(
  a: Float64Array,
  n: number,
  first: number,
  v: Float64Array,
  scale: number,
  product: Float64Array,
): void {
  let overlap = 0;
  for (let i = first; i < n; i++) {
    let sum = 0;
    for (let j = first, at = i * n + first; j < n; j++, at++) sum += a[at] * v[j];
    product[i] = scale * sum;
    overlap += product[i] * v[i];
  }
  for (let i = first; i < n; i++) product[i] -= (scale / 2) * overlap * v[i];
  for (let i = first; i < n; i++) {
    const [vi, pi] = [v[i], product[i]];
    for (let j = first, at = i * n + first; j < n; j++, at++) a[at] -= vi * product[j] + pi * v[j];
  }
}

/** The product of the reflections, last to first, whose vectors are in the rows of `a`. */
async function accumulate(a: Float64Array, n: number, scales: Float64Array, execution: Execution) {
  const basis = new Float64Array(n * n);
  for (let i = 0; i < n; i++) basis[i * n + i] = 1;
  for (let k = n - 2; k >= 0; k--) {
    if (k % 8 === 0) await yieldAndCheck(execution, 0.3 + (0.1 * (n - k)) / n);
    if (scales[k] === 0) continue;
    const v = a.subarray(k * n, (k + 1) * n);
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) sum += basis[at] * v[j];
      sum *= scales[k];
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) basis[at] -= sum * v[j];
    }
  }
  return basis;
}

/** Diagonalizes the tridiagonal matrix. Afterwards row i of `basis` is the eigenvector of value i of `d`. */
async function diagonalize(
  d: Float64Array,
  e: Float64Array,
  basis: Float64Array,
  n: number,
  execution: Execution,
) {
  for (let first = 0; first < n; first++) {
    await yieldAndCheck(execution, 0.4 + (0.6 * first) / n);
    for (let iteration = 0; ; iteration++) {
      let last = first;
      while (last < n - 1 && Math.abs(e[last]) > Number.EPSILON * (Math.abs(d[last]) + Math.abs(d[last + 1])))
        last++;
      if (last === first) break;
      if (iteration === MAX_ITERATIONS) throw new Error('the eigenvalues do not converge');
      qlStep(d, e, basis, n, first, last);
    }
  }
}

/** One implicit QL step on the rows `first` to `last`. */
function qlStep(
  d: Float64Array,
  e: Float64Array,
  basis: Float64Array,
  n: number,
  first: number,
  last: number,
) {
  let g = (d[first + 1] - d[first]) / (2 * e[first]);
  let r = Math.hypot(g, 1);
  g = d[last] - d[first] + e[first] / (g + (g < 0 ? -r : r));
  let [s, c, p] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = s * e[i];
    const b = c * e[i];
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= p;
      e[last] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    r = (d[i] - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
    rotateRows(basis, i * n, (i + 1) * n, n, s, c);
  }
  d[first] -= p;
  e[first] = g;
  e[last] = 0;
}

function rotateRows(
  basis: Float64Array,
  upper: number,
  lower: number,
  n: number,
  s: number,
  c: number,
): void {
  for (let k = 0; k < n; k++) {
    const [a, b] = [basis[upper + k], basis[lower + k]];
    basis[lower + k] = s * a + c * b;
    basis[upper + k] = c * a - s * b;
  }
}
