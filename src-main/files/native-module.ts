import { fileURLToPath } from 'node:url';

/** Path of the native module. It is relative to this file, which is therefore as deep as the bundles (see `programs.ts`). */
export const nativeModulePath = fileURLToPath(
  new URL('../../native/build/Release/perch.node', import.meta.url),
);

/** Path of the CUDA kernels, a shared library that few installations have. */
export const cudaLibraryPath = fileURLToPath(
  new URL(
    `../../native/build/Release/perch_cuda.${process.platform === 'win32' ? 'dll' : 'so'}`,
    import.meta.url,
  ),
);

/** The folder of the core's WebAssembly module and its worker. */
export const wasmFolder = new URL('../../native/wasm/', import.meta.url);
