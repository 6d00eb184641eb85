/** A map with its ground truth (1 where anomalous), both `height` x `width`, borders cut. */
export interface JudgedMap {
  scores: Float32Array;
  groundTruth: Uint8Array;
  width: number;
  height: number;
  /**
   * Whether the image as a whole is defective. Absent, it is where one of these pixels is anomalous; a defect may also lie in the
   * border that was cut, or the image be defective by its folder alone.
   */
  isDefective?: boolean;
  /** Whether it is not known which pixels are anomalous: the image counts as a whole then, its pixels do not. */
  isImageOnly?: boolean;
}
