/** A single-channel map of anomaly scores (H x W, row-major float32); a higher score is more anomalous, in any unit. */
export interface AnomalyMap {
  values: Float32Array;
  height: number;
  width: number;
}
