import type { Dtype } from './dtypes.ts';

export interface TensorDescription {
  readonly shape: readonly number[];
  readonly type: Dtype;
}

/** An open file of named weights. Names and shapes are known; values are read one tensor at a time. */
export interface Checkpoint extends AsyncDisposable {
  readonly tensors: ReadonlyMap<string, TensorDescription>;

  /**
   * The values of a tensor, row-major. Reads only the part of the file that contains them.
   *
   * @throws PerchError `CHECKPOINT_REFUSED` if the tensor is not floating-point, damaged or missing
   */
  read(name: string): Promise<Float32Array>;
}
