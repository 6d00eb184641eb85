import type { Dtype } from './dtypes.ts';

export interface TensorDescription {
  readonly shape: readonly number[];
  readonly type: Dtype;
}

/** A file of named weights, opened: names and shapes are known, values are read one tensor at a time. */
export interface Checkpoint extends AsyncDisposable {
  readonly tensors: ReadonlyMap<string, TensorDescription>;

  /**
   * The values of a tensor, row-major. Reads no more of the file than it must.
   *
   * @throws PerchError `CHECKPOINT_REFUSED` where it is not floating-point, damaged or not in the file
   */
  read(name: string): Promise<Float32Array>;
}
