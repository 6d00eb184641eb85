/** The size of a feature map: C x H x W. */
export interface Shape {
  channels: number;
  height: number;
  width: number;
}

/** A feature map: `values` is C x H x W, row-major float32. */
export interface FeatureMap extends Shape {
  values: Float32Array;
}

/** Instruction sets the native core has code paths for. */
export type Isa = 'avx512' | 'avx2' | 'portable';

/** How a computation is carried out; never what it computes: results do not depend on it. */
export interface Execution {
  /** Worker threads, at least 1. */
  threads: number;
  /** Forces a code path of the native core; the best that the CPU has by default. */
  isa?: Isa | 'auto';
  /** Aborting rejects with the signal's reason, within milliseconds. */
  signal?: AbortSignal;
  /** Called now and then with the fraction done, 0 to 1. */
  onProgress?: (fraction: number) => void;
}

/** An image as extractors take it: RGB planes (3 x H x W, row-major float32), 0..1, sRGB. */
export interface RgbImage {
  values: Float32Array<ArrayBuffer>;
  height: number;
  width: number;
}
