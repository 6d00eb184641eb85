import type { RgbImage } from '../../methods/types.ts';

/** A texture of crossed waves whose color drifts, always the same for a phase. */
export function probeImage(height: number, width: number, phase = 0): RgbImage {
  const plane = height * width;
  const values = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    // A hash of the position, as fine grain.
    const grain = Math.abs(Math.sin(x * 12.9898 + y * 78.233) * 43758.5453) % 1;
    const weave = Math.sin(x * 0.7 + 0.002 * y * y + phase) * Math.sin(y * 0.5);
    for (let channel = 0; channel < 3; channel++) {
      const shade = 0.15 * Math.sin((x * (channel + 1) + y * 2) / 40);
      values[channel * plane + i] = 0.5 + 0.2 * weave + shade + 0.1 * (grain - 0.5);
    }
  }
  return { values, height, width };
}
