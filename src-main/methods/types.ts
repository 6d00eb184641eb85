/** The shape of a feature map: C x H x W. */
export interface Shape {
  channels: number;
  height: number;
  width: number;
}

/** A feature map: `values` is C x H x W, row-major float32. */
export interface FeatureMap extends Shape {
  values: Float32Array;
}

/** The code paths of the core: instruction sets of the native module, and the WebAssembly build. */
export type Isa = 'avx512' | 'avx2' | 'neon' | 'portable' | 'wasm';

/** How a computation runs. Results do not depend on it. */
export interface Execution {
  /** Worker threads, at least 1. */
  threads: number;
  /** Forces a code path. Default: the fastest one of this installation. */
  isa?: Isa | 'auto';
  /** Aborting it rejects the promise with the signal's reason, within milliseconds. */
  signal?: AbortSignal;
  /** Called repeatedly with the completed fraction, 0 to 1. */
  onProgress?: (fraction: number) => void;
}

/** The input of extractors: sRGB planes (3 x H x W, row-major float32), 0..1. */
export interface RgbImage {
  values: Float32Array<ArrayBuffer>;
  height: number;
  width: number;
}
