import type { Crop } from '../common/geometry.ts';
import type { FeatureMap } from './types.ts';

/** A rectangle of a feature map, copied. */
export function cropFeatures(
  features: FeatureMap,
  { left, top, width, height }: Crop,
): FeatureMap & { values: Float32Array<ArrayBuffer> } {
  const { values, channels } = features;
  const cropped = new Float32Array(channels * width * height);
  let to = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = top; y < top + height; y++, to += width) {
      const from = (c * features.height + y) * features.width + left;
      cropped.set(values.subarray(from, from + width), to);
    }
  }
  return { values: cropped, channels, width, height };
}

/** Copies a part into a feature map at a place. */
export function pasteFeatures(to: FeatureMap, part: FeatureMap, at: { left: number; top: number }): void {
  for (let c = 0; c < to.channels; c++) {
    for (let y = 0; y < part.height; y++) {
      const from = (c * part.height + y) * part.width;
      const target = (c * to.height + at.top + y) * to.width + at.left;
      to.values.set(part.values.subarray(from, from + part.width), target);
    }
  }
}
