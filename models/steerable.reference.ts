/**
 * The `steerable` extractor exactly as docs/method.md, section 1, defines it: complex, with a one-sided mask,
 * in float64 with simple loops over the centered frequency grid. It shares no code with the graph and is the
 * reference for the graph.
 *
 * @param rgb 3 x H x W
 * @returns the requested channels of 129 (orientation * 3 + color), each H x W, scaled
 */
export function referenceSteerable(
  rgb: ArrayLike<number>,
  height: number,
  width: number,
  channels: readonly number[],
): Float64Array[] {
  const pixels = height * width;
  const spectra = [0, 1, 2].map((color) => {
    const plane = Float64Array.from({ length: pixels }, (_, i) => rgb[color * pixels + i]);
    return transform({ re: plane, im: new Float64Array(pixels) }, height, width, -1);
  });
  return channels.map((channel) => {
    const { re, im } = spectra[channel % 3];
    const mask = bandMask(Math.floor(channel / 3), height, width);
    // (-i)^42 = -1
    const band = { re: re.map((value, k) => -value * mask[k]), im: im.map((value, k) => -value * mask[k]) };
    return scaled(transform(band, height, width, 1).re.map((value) => value / pixels));
  });
}

interface Complex {
  re: Float64Array;
  im: Float64Array;
}

/** Frequencies in the order of the transform: 0, 1, ..., then the negative ones. */
function bandMask(orientation: number, height: number, width: number): Float64Array {
  const [fy, fx] = [frequencies(height), frequencies(width)];
  return Float64Array.from({ length: height * width }, (_, k) => {
    const [y, x] = [fy[Math.floor(k / width)], fx[k % width]];
    const r = k === 0 ? 2 / width : Math.hypot(y, x);
    const u = Math.log2(r);
    const rise = Math.sin((Math.PI / 2) * (Math.min(Math.max(u, -1), 0) + 1)) ** 2;
    let angle = Math.atan2(y, x) - (Math.PI * orientation) / 43;
    angle -= 2 * Math.PI * Math.round(angle / (2 * Math.PI));
    const lobe = Math.abs(angle) < Math.PI / 2 ? 2 * Math.sqrt(ANGULAR) * Math.cos(angle) ** 42 : 0;
    return Math.sqrt(rise * (1 - rise)) * lobe;
  });
}

/** In units of the Nyquist frequency, [-1, 1). */
function frequencies(side: number): number[] {
  return Array.from({ length: side }, (_, k) => (2 * (k < side / 2 ? k : k - side)) / side);
}

/** 2^84 (42!)^2 / (43 * 84!) */
const ANGULAR = (2 ** 84 * factorial(42) ** 2) / (43 * factorial(84));

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** The unnormalized discrete Fourier transform along rows, then columns. */
function transform(plane: Complex, height: number, width: number, sign: 1 | -1): Complex {
  const rows = alongLines(plane, { lines: height, step: width, length: width, stride: 1 }, sign);
  return alongLines(rows, { lines: width, step: 1, length: height, stride: width }, sign);
}

function alongLines(
  { re, im }: Complex,
  { lines, step, length, stride }: { lines: number; step: number; length: number; stride: number },
  sign: 1 | -1,
): Complex {
  const result = { re: new Float64Array(re.length), im: new Float64Array(re.length) };
  const angles = Array.from({ length }, (_, i) => (sign * 2 * Math.PI * i) / length);
  const [cosines, sines] = [angles.map(Math.cos), angles.map(Math.sin)];
  for (let line = 0; line < lines; line++) {
    for (let k = 0; k < length; k++) {
      let [sumRe, sumIm] = [0, 0];
      for (let n = 0; n < length; n++) {
        const [i, turn] = [line * step + n * stride, (k * n) % length];
        sumRe += re[i] * cosines[turn] - im[i] * sines[turn];
        sumIm += re[i] * sines[turn] + im[i] * cosines[turn];
      }
      result.re[line * step + k * stride] = sumRe;
      result.im[line * step + k * stride] = sumIm;
    }
  }
  return result;
}

function scaled(channel: Float64Array): Float64Array {
  const low = channel.reduce((least, value) => Math.min(least, value), Infinity);
  const high = channel.reduce((most, value) => Math.max(most, value), -Infinity);
  return channel.map((value) => (value - low) / (high - low + 1e-8));
}
