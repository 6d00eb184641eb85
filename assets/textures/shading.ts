import { fractalNoise, random, between, valueNoise } from './noise.ts';
import { FIELD, type Surface } from './surface.ts';

/** An inspection lamp, and the material's response to it. */
export interface Lamp {
  /** Direction of the light in the picture: 0 from the right, clockwise, radians. */
  azimuth: number;
  /** Height of the lamp above the surface, radians. */
  elevation: number;
  /** Fraction of the light that is ambient, 0..1. */
  ambient: number;
  /** Exponent of the highlight; larger values make it sharper. */
  sharpness: number;
  /** Darkening of cavities, from 0 (as light as the top). */
  cavity: number;
}

/** A blurred copy of a square plane: two box filters of the given radius (samples) in each direction. */
function blur(plane: Float32Array, side: number, radius: number): Float32Array {
  let from = plane;
  for (const [along, across] of [
    [1, side],
    [side, 1],
    [1, side],
    [side, 1],
  ]) {
    const to = new Float32Array(plane.length);
    for (let line = 0; line < side; line++) {
      const start = line * across;
      let sum = 0;
      const at = (k: number): number => from[start + Math.min(side - 1, Math.max(0, k)) * along];
      for (let k = -radius; k <= radius; k++) sum += at(k);
      for (let k = 0; k < side; k++) {
        to[start + k * along] = sum / (2 * radius + 1);
        sum += at(k + radius + 1) - at(k - radius);
      }
    }
    from = to;
  }
  return from;
}

/**
 * Fraction of the light that reaches a sample, 0..1. It is lower if the surface towards the lamp is taller.
 */
function lit(surface: Surface, column: number, row: number, lamp: Lamp): number {
  const { side, height, pitch } = surface;
  const rise = Math.tan(lamp.elevation) * pitch;
  const dx = Math.cos(lamp.azimuth);
  const dy = Math.sin(lamp.azimuth);
  const base = height[row * side + column];
  let depth = 0;
  for (let step = 1; step <= 16; step++) {
    const c = Math.round(column + dx * step);
    const r = Math.round(row + dy * step);
    if (c < 0 || r < 0 || c >= side || r >= side) break;
    depth = Math.max(depth, height[r * side + c] - base - rise * step);
  }
  return 1 / (1 + 1.6 * depth);
}

/** Evenness of the light over the field: brighter on one side, darker in the corners. */
function lampField(seed: number): (x: number, y: number) => number {
  const next = random(seed);
  const angle = between(next, 0, 2 * Math.PI);
  const tilt = between(next, 0.05, 0.1);
  const center = [between(next, -0.15, 0.15), between(next, -0.15, 0.15)];
  return (x, y) => {
    const u = (2 * x) / FIELD - 1;
    const v = (2 * y) / FIELD - 1;
    const gradient = tilt * (u * Math.cos(angle) + v * Math.sin(angle));
    const falloff = 0.07 * ((u - center[0]) ** 2 + (v - center[1]) ** 2);
    return 1 + gradient - falloff + 0.02 * fractalNoise(u * 1.2, v * 1.2, seed, 2);
  };
}

/**
 * Lights the surface: diffuse light with cast shadows and darkened cavities, and a Blinn-Phong highlight for a
 * camera straight above. Returns side x side x 3 linear radiance.
 */
export function shade(surface: Surface, lamp: Lamp, seed: number): Float32Array {
  const { side, pitch, height, color, gloss } = surface;
  const radiance = new Float32Array(3 * side * side);
  const around = blur(height, side, Math.max(1, Math.round(2.5 / pitch)));
  const evenness = lampField(seed);
  const light = [
    Math.cos(lamp.azimuth) * Math.cos(lamp.elevation),
    Math.sin(lamp.azimuth) * Math.cos(lamp.elevation),
    Math.sin(lamp.elevation),
  ];
  const half = Math.hypot(light[0], light[1], light[2] + 1);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = row * side + column;
      const left = at - (column > 0 ? 1 : 0);
      const right = at + (column < side - 1 ? 1 : 0);
      const above = at - (row > 0 ? side : 0);
      const below = at + (row < side - 1 ? side : 0);
      const slopeX = (height[right] - height[left]) / (2 * pitch);
      const slopeY = (height[below] - height[above]) / (2 * pitch);
      const length = Math.hypot(slopeX, slopeY, 1);
      const facing = (light[2] - slopeX * light[0] - slopeY * light[1]) / (length * light[2]);
      const direct = facing > 0 ? facing * lit(surface, column, row, lamp) : 0;
      const open = 1 / (1 + lamp.cavity * Math.max(0, around[at] - height[at]));
      const bright = evenness((column + 0.5) * pitch, (row + 0.5) * pitch);
      const diffuse = bright * (lamp.ambient * open + (1 - lamp.ambient) * direct * Math.sqrt(open));
      const mirrored =
        Math.max(0, (light[2] + 1 - slopeX * light[0] - slopeY * light[1]) / (length * half)) **
        lamp.sharpness;
      const highlight = bright * gloss[at] * mirrored * open;
      for (let channel = 0; channel < 3; channel++) {
        radiance[3 * at + channel] = color[3 * at + channel] * diffuse + highlight;
      }
    }
  }
  return radiance;
}

/**
 * Exposes a picture of `size` pixels: each pixel averages a square of twice its side, which simulates the
 * lens's blur. Encodes as sRGB and adds sensor noise (standard deviation about `grain` gray levels). Returns
 * size x size x 3 bytes.
 */
export function expose(
  radiance: Float32Array,
  side: number,
  size: number,
  seed: number,
  grain: number,
): Uint8Array {
  const step = side / size;
  const half = Math.floor(step / 2);
  const pixels = new Uint8Array(3 * size * size);
  const encode = (linear: number): number =>
    255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const noise = grain * 1.6 * valueNoise(column * 0.83, row * 0.83, seed);
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let r = row * step - half; r < (row + 1) * step + half; r++) {
          const line = side * Math.min(side - 1, Math.max(0, r));
          for (let c = column * step - half; c < (column + 1) * step + half; c++) {
            sum += radiance[3 * (line + Math.min(side - 1, Math.max(0, c))) + channel];
          }
        }
        const level = encode(Math.max(0, sum / (step + 2 * half) ** 2)) + noise;
        pixels[3 * (row * size + column) + channel] = Math.min(255, Math.max(0, Math.round(level)));
      }
    }
  }
  return pixels;
}
