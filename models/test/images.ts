/** RGB planes, 3 x H x W. */
export interface Image {
  values: Float32Array;
  height: number;
  width: number;
}

/** A colored weave with grain and slowly changing illumination. */
export function texture(height: number, width: number): Image {
  const grain = noise(height, width).values;
  const values = grain.map((noisy, i) => {
    const [x, y, c] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    const threads = Math.sin(x / 2.1 + 0.3 * Math.sin(y / 9)) * Math.cos(y / (2.7 + 0.4 * c));
    return 0.5 + 0.2 * threads + 0.1 * Math.sin((x + 2 * y + 30 * c) / 70) + 0.15 * (noisy - 0.5);
  });
  return { values, height, width };
}

/** Uniform noise with a fixed seed. */
export function noise(height: number, width: number): Image {
  let state = 12_345;
  const values = Float32Array.from({ length: 3 * height * width }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
  return { values, height, width };
}

/** A constant image. */
export function flat(height: number, width: number): Image {
  const pixels = height * width;
  const values = new Float32Array(3 * pixels);
  [0.37, 0.81, 0.12].forEach((value, c) => values.fill(value, c * pixels, (c + 1) * pixels));
  return { values, height, width };
}
