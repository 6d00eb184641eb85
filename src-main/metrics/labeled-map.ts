/** An anomaly map with its ground truth (1 = anomalous), both `height` x `width`, with the ignored border removed. */
export interface LabeledMap {
  scores: Float32Array;
  groundTruth: Uint8Array;
  width: number;
  height: number;
  /**
   * Whether the whole image is defective. Defaults to whether one of these pixels is anomalous. Set it if the
   * defect may be in the removed border, or if only the image's folder identifies it as defective.
   */
  isDefective?: boolean;
  /** Whether the anomalous pixels are unknown. Only the image label counts then. */
  isImageOnly?: boolean;
}
