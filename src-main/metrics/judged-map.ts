/** A map with its ground truth (1 where anomalous), both `height` x `width`, borders cut. */
export interface JudgedMap {
  scores: Float32Array;
  groundTruth: Uint8Array;
  width: number;
  height: number;
}
