import { labelRegions } from '../common/maps/label-regions.ts';

/** An anomaly map with its ground truth (1 = anomalous), both `height` x `width`, with the ignored border removed. */
export interface LabeledMap {
  scores: Float32Array;
  groundTruth: Uint8Array;
  /** 1 at the pixels inside the inspection region, the only ones that count; absent if all pixels count. */
  inside?: Uint8Array;
  width: number;
  height: number;
  /**
   * Whether the whole image is defective. Defaults to whether one of these pixels is anomalous. Set it if the
   * defect may be in the removed border, or if only the image's folder identifies it as defective.
   */
  isDefective?: boolean;
  /** Whether the anomalous pixels are unknown. Only the image label counts then. */
  isImageOnly?: boolean;
  /** The image's score; its highest score inside if absent. */
  imageScore?: number | undefined;
}

/**
 * The pixels inside the inspection region as maps of one row each: the normal pixels, and each 8-connected region of anomalous ones.
 * They have the same pixels and regions as the inner part of the map, so a threshold sweep gives the same
 * counts.
 */
export function rowsInside({ scores, groundTruth, inside, width, height }: LabeledMap): LabeledMap[] {
  if (!inside) return [{ scores, groundTruth, width, height }];
  const { labels, count } = labelRegions(
    groundTruth.map((marked, at) => marked & inside[at]),
    width,
    height,
  );
  const sizes = new Uint32Array(count + 1);
  for (const [at, label] of labels.entries()) sizes[label] += inside[at];
  const rows = Array.from(sizes, (size) => new Float32Array(size));
  const filled = new Uint32Array(count + 1);
  for (const [at, label] of labels.entries()) if (inside[at] === 1) rows[label][filled[label]++] = scores[at];
  return rows.map((row, label) => ({
    scores: row,
    groundTruth: new Uint8Array(row.length).fill(label > 0 ? 1 : 0),
    width: row.length,
    height: 1,
  }));
}
