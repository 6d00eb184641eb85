/** An anomaly map with its ground truth (1 = anomalous), both `height` x `width`, with the ignored border removed. */
export interface LabeledMap {
  scores: Float32Array;
  groundTruth: Uint8Array;
  width: number;
  height: number;
  /**
   * Whether the image as a whole is defective. Default: whether one of these pixels is anomalous. Set it where the defect may lie
   * in the removed border, or where only the folder of the image says that it is defective.
   */
  isDefective?: boolean;
  /** True if it is unknown which pixels are anomalous. Only the image as a whole counts then. */
  isImageOnly?: boolean;
}
