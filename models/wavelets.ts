/** A Morlet wavelet sampled on a square, row-major: its real (even) and imaginary (odd) parts. */
export interface ComplexKernel {
  re: Float64Array;
  im: Float64Array;
}

/** Shape of the Morlet wavelets (docs/method.md, section 1b). */
export const MORLET_RADIUS = 4;
const MORLET_SIGMA = 1.2;
const MORLET_ASPECT = 0.5;
const MORLET_FREQUENCY = Math.PI / 2;

/**
 * A Morlet wavelet that oscillates along `theta`: a complex wave in a Gaussian envelope with mean 0 and absolute values that sum
 * to 1.
 *
 * @param theta in radians, from the x axis towards larger rows
 * @returns (2 `MORLET_RADIUS` + 1)^2 taps
 */
export function morlet(theta: number): ComplexKernel {
  const side = 2 * MORLET_RADIUS + 1;
  const envelope = new Float64Array(side * side);
  const re = new Float64Array(side * side);
  const im = new Float64Array(side * side);
  for (let tap = 0; tap < side * side; tap++) {
    const x = (tap % side) - MORLET_RADIUS;
    const y = Math.floor(tap / side) - MORLET_RADIUS;
    const u = x * Math.cos(theta) + y * Math.sin(theta);
    const v = y * Math.cos(theta) - x * Math.sin(theta);
    envelope[tap] = gauss(u, MORLET_SIGMA) * gauss(v, MORLET_SIGMA / MORLET_ASPECT);
    re[tap] = envelope[tap] * Math.cos(MORLET_FREQUENCY * u);
    im[tap] = envelope[tap] * Math.sin(MORLET_FREQUENCY * u);
  }
  const mean = sum(re) / sum(envelope);
  re.forEach((_, tap) => (re[tap] -= mean * envelope[tap]));
  const norm = sum(re.map((value, tap) => Math.sqrt(value * value + im[tap] * im[tap])));
  return { re: re.map((value) => value / norm), im: im.map((value) => value / norm) };
}

/** A Gaussian at integer offsets up to `radius` with sum 1: 2 `radius` + 1 taps. */
export function gaussian(sigma: number, radius = gaussianRadius(sigma)): Float64Array {
  const taps = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => gauss(i - radius, sigma));
  const total = sum(taps);
  return taps.map((tap) => tap / total);
}

/** The radius of a Gaussian that is truncated at 3 sigma. */
export function gaussianRadius(sigma: number): number {
  return Math.round(3 * sigma);
}

function gauss(x: number, sigma: number): number {
  return Math.exp((-x * x) / (2 * sigma * sigma));
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
