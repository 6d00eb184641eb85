/**
 * The extractors `gabor67` and `gabor` exactly as docs/method.md, sections 1b and 1c, defines them, in
 * float64 with simple loops. They share no code with the graphs, which are tested against them.
 */

/** One channel, row-major. */
export interface Plane {
  values: Float64Array;
  height: number;
  width: number;
}

/**
 * @param rgb 3 x H x W, 0..1, both sides at least 33
 * @returns 67 planes of ceil16(H)/4 x ceil16(W)/4: groups S (32), O (32), D (3), scaled and weighted
 */
export function referenceGabor67(rgb: ArrayLike<number>, height: number, width: number): Plane[] {
  const { strength, orientation, deviation } = pyramid(rgb, height, width);
  return [
    ...strength.flat().map((channel) => scaled(channel, 1e-4, 0.15625)),
    ...orientation.flat().map((channel) => scaled(channel, 1e-3, 0.1171875)),
    ...deviation.map((channel, c) => scaled(channel, c === 0 ? 1e-3 : 5e-3, 1)),
  ];
}

/** @returns 70 planes: groups S (32), O (32), D (3), and the local extremes min2, max2 and dark2, scaled and weighted */
export function referenceGabor(rgb: ArrayLike<number>, height: number, width: number): Plane[] {
  const { luminance, strength, orientation, deviation } = pyramid(rgb, height, width);
  const [strengths, orientations, colors] = [
    [0.15, 0.15, 0.1, 0.05],
    [0.25, 0.175, 0.1, 0.075],
    [0.8, 1, 1.2],
  ];
  const local = enlarge(blur(halve(halve(halve(halve(luminance)))), 3), 16);
  const detail = halve(map(luminance, (value, i) => value - local.values[i]));
  const dark = darkLines(halve(halve(luminance)));
  return [
    ...strength.flatMap((level, j) => level.map((channel) => scaled(channel, 1e-4, strengths[j]))),
    ...orientation.flatMap((level, j) => level.map((channel) => scaled(channel, 1e-3, orientations[j]))),
    ...deviation.map((channel, c) => scaled(channel, c === 0 ? 1e-3 : 5e-3, colors[c])),
    scaled(of2x2(detail, Math.min), 1e-3, 0.6),
    scaled(of2x2(detail, Math.max), 1e-3, 0.4),
    scaled(dark, 1e-4, 0.8),
  ];
}

/** The unscaled groups. */
function pyramid(rgb: ArrayLike<number>, height: number, width: number) {
  const [red, green, blue] = [0, 1, 2].map((c) =>
    plane(16 * Math.ceil(height / 16), 16 * Math.ceil(width / 16), (y, x) => {
      return rgb[(c * height + reflected(y, height)) * width + reflected(x, width)];
    }),
  );
  const combined = (r: number, g: number, b: number) =>
    map(red, (value, i) => r * value + g * green.values[i] + b * blue.values[i]);
  const luminance = combined(0.299, 0.587, 0.114);

  const levels = [luminance];
  for (let j = 1; j < 4; j++) levels.push(halve(levels[j - 1]));
  const strength = levels.map((level, j) => energies(level).map((energy) => toStride4(energy, j)));
  const orientation = strength.map(perOrientationMean);
  const deviation = [luminance, combined(1, -1, 0), combined(0.5, 0.5, -1)].map((color) =>
    withoutLocalMean(halve(halve(color))),
  );
  return { luminance, strength, orientation, deviation };
}

/** The strongest response to a dark line over 8 orientations; 0 if there is none. */
function darkLines(level: Plane): Plane {
  const responses = morlets().map(({ re }) => correlate9(level, re));
  return map(level, (_, i) => Math.max(0, ...responses.map(({ values }) => -values[i])));
}

/** The smallest or largest value of each 2 x 2 block. */
function of2x2(source: Plane, choose: (...values: number[]) => number): Plane {
  return plane(source.height / 2, source.width / 2, (y, x) =>
    choose(...[0, 1, 2, 3].map((i) => at(source, 2 * y + (i >> 1), 2 * x + (i & 1)))),
  );
}

/** The magnitudes of 8 complex Morlet responses, 9x9. */
function energies(level: Plane): Plane[] {
  return morlets().map(({ re, im }) => {
    const even = correlate9(level, re);
    const odd = correlate9(level, im);
    return map(even, (value, i) => Math.sqrt(value ** 2 + odd.values[i] ** 2 + 1e-12));
  });
}

/** 8 complex Morlet kernels, 9x9. */
function morlets(): { re: number[]; im: number[] }[] {
  return Array.from({ length: 8 }, (_, l) => {
    const theta = (Math.PI * l) / 8;
    const envelope = square9((u, v) => Math.exp(-(u * u + 0.25 * v * v) / (2 * 1.2 * 1.2)), theta);
    const cosine = square9((u) => Math.cos((Math.PI * u) / 2), theta).map((value, i) => value * envelope[i]);
    const im = square9((u) => Math.sin((Math.PI * u) / 2), theta).map((value, i) => value * envelope[i]);
    const offset = sum(cosine) / sum(envelope);
    const re = cosine.map((value, i) => value - offset * envelope[i]);
    const norm = sum(re.map((value, i) => Math.sqrt(value ** 2 + im[i] ** 2)));
    return { re: re.map((value) => value / norm), im: im.map((value) => value / norm) };
  });
}

function square9(value: (u: number, v: number) => number, theta: number): number[] {
  return Array.from({ length: 81 }, (_, i) => {
    const [x, y] = [(i % 9) - 4, Math.floor(i / 9) - 4];
    return value(x * Math.cos(theta) + y * Math.sin(theta), -x * Math.sin(theta) + y * Math.cos(theta));
  });
}

function correlate9(source: Plane, taps: readonly number[]): Plane {
  return plane(source.height, source.width, (y, x) => {
    let response = 0;
    for (let i = 0; i < 81; i++) {
      response += taps[i] * at(source, y + Math.floor(i / 9) - 4, x + (i % 9) - 4);
    }
    return response;
  });
}

function toStride4(energy: Plane, level: number): Plane {
  if (level === 0) return halve(halve(energy));
  if (level === 1) return halve(energy);
  return level === 2 ? energy : enlarge(energy, 2);
}

function perOrientationMean(channels: Plane[]): Plane[] {
  const mean = map(channels[0], (_, i) => sum(channels.map((channel) => channel.values[i])) / 8);
  const overall = average(mean.values);
  const around = blur(mean, 2);
  return channels.map((channel) =>
    map(channel, (value, i) => value / (around.values[i] + 0.2 * overall + 1e-7)),
  );
}

function withoutLocalMean(color: Plane): Plane {
  const local = enlarge(blur(halve(halve(color)), 3), 4);
  return map(color, (value, i) => value - local.values[i]);
}

function scaled(channel: Plane, floor: number, weight: number): Plane {
  const f = channel.values;
  let m = average(f);
  let s = 0;
  for (let pass = 0; pass < 2; pass++) {
    s = 1.2533 * average(f.map((value) => Math.abs(value - m)));
    m = average(f.map((value) => clip(value, m - 2 * s, m + 2 * s)));
  }
  return map(channel, (value) => weight * (clip((value - m) / (s + floor), -5, 5) / 10 + 0.5));
}

/** [1 3 3 1]/8 along both axes, stride 2, reflect padding 1. */
function halve(source: Plane): Plane {
  const taps = [1, 3, 3, 1];
  return plane(source.height / 2, source.width / 2, (y, x) => {
    let total = 0;
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        total += (taps[i] * taps[j] * at(source, 2 * y + i - 1, 2 * x + j - 1)) / 64;
      }
    }
    return total;
  });
}

/** A Gaussian cut at 3 sigma, reflect padding; the mean of the plane if a side does not exceed its radius. */
function blur(source: Plane, sigma: number): Plane {
  const radius = 3 * sigma;
  if (Math.min(source.height, source.width) <= radius) {
    const mean = average(source.values);
    return map(source, () => mean);
  }
  const offsets = Array.from({ length: 2 * radius + 1 }, (_, i) => i - radius);
  const taps = offsets.map((offset) => Math.exp(-(offset ** 2) / (2 * sigma ** 2)));
  const norm = sum(taps);
  const rows = plane(source.height, source.width, (y, x) =>
    sum(offsets.map((offset, i) => (taps[i] / norm) * at(source, y + offset, x))),
  );
  return plane(source.height, source.width, (y, x) =>
    sum(offsets.map((offset, i) => (taps[i] / norm) * at(rows, y, x + offset))),
  );
}

/** Bilinear, half-pixel centers, edges clamped. */
function enlarge(source: Plane, factor: number): Plane {
  const { height, width } = source;
  return plane(height * factor, width * factor, (y, x) => {
    const row = clip((y + 0.5) / factor - 0.5, 0, height - 1);
    const column = clip((x + 0.5) / factor - 0.5, 0, width - 1);
    const [top, left] = [Math.floor(row), Math.floor(column)];
    const [bottom, right] = [Math.min(top + 1, height - 1), Math.min(left + 1, width - 1)];
    const [down, across] = [row - top, column - left];
    return (
      (1 - down) * ((1 - across) * at(source, top, left) + across * at(source, top, right)) +
      down * ((1 - across) * at(source, bottom, left) + across * at(source, bottom, right))
    );
  });
}

function plane(height: number, width: number, value: (y: number, x: number) => number): Plane {
  const values = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) values[y * width + x] = value(y, x);
  }
  return { values, height, width };
}

function map(source: Plane, value: (old: number, i: number) => number): Plane {
  return { ...source, values: source.values.map(value) };
}

function at(source: Plane, y: number, x: number): number {
  return source.values[reflected(y, source.height) * source.width + reflected(x, source.width)];
}

/** Reflection without repeating the edge: -1 is 1, `side` is `side - 2`. */
function reflected(i: number, side: number): number {
  if (i < 0) return -i;
  return i < side ? i : 2 * (side - 1) - i;
}

function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

function average(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}
