import type { AnomalyMap } from '../../methods/types.ts';
import { auroc } from './auroc.ts';

/** A map at image size with its ground truth (1 where anomalous). */
interface Judged {
  map: AnomalyMap;
  groundTruth: Uint8Array;
}

/**
 * How well maps separate anomalous from normal pixels: pixel AUROC over all images of a class, a border cut from map and
 * mask alike (paper, 4.1).
 */
export function pixelAuroc(images: readonly Judged[], border: number): number {
  const labels = images.map(({ map, groundTruth }) => cut(groundTruth, map, border));
  const scores = images.map(({ map }) => cut(map.values, map, border));
  const of = (label: number) =>
    concatenate(scores.map((cutScores, i) => cutScores.filter((_, at) => labels[i][at] === label)));
  return auroc(of(1), of(0));
}

function cut(
  values: Float32Array | Uint8Array,
  size: { height: number; width: number },
  border: number,
): Float32Array {
  const width = Math.max(0, size.width - 2 * border);
  const height = Math.max(0, size.height - 2 * border);
  const inner = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (y + border) * size.width + border;
    inner.set(values.subarray(start, start + width), y * width);
  }
  return inner;
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
