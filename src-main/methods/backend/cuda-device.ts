import { cudaLibraryPath } from '../../files/native-module.ts';
import { isPackaged } from '../../platform/installation.js';
import type { ComputeBackend } from './compute-backend.ts';
import { loadNativeBackend } from './native-backend.ts';
import { referenceOf, statisticOf } from './native-job.ts';

/** A CUDA device. */
export interface CudaDevice {
  name: string;
  computeCapability: string;
  createImage(): CudaImage;
}

/**
 * The computations that have kernels (`native/cuda`). Patches as references must be the nearest ones. The features of the last
 * computation stay on the device, for the next one with the same features. Do not change their values before `close`.
 */
export interface CudaImage extends Pick<
  ComputeBackend,
  'medianReference' | 'fca' | 'sww' | 'fcaWithReferences' | 'swwWithReferences'
> {
  close(): void;
}

/** The library to load. In a checkout, a variable can name another one, which needs no driver: tests have one without a GPU. */
export function cudaLibrary(): { path: string; needsDriver: boolean } {
  const other = isPackaged ? undefined : process.env['PERCH_CUDA_LIBRARY'];
  return other ? { path: other, needsDriver: false } : { path: cudaLibraryPath, needsDriver: true };
}

/**
 * Loads the kernels into this process, which a broken driver may crash: probe in another one first.
 *
 * @throws Error if there is no native module, no driver, no library or no device
 */
export function openCudaDevice(): CudaDevice {
  const native = loadNativeBackend();
  if (!native) throw new Error('It needs the native module, which was not built.');
  const { path, needsDriver } = cudaLibrary();
  const cuda = native.openCuda(path, needsDriver);
  return {
    name: cuda.name,
    computeCapability: cuda.computeCapability,
    createImage: () => {
      const image = cuda.createImage();
      return {
        medianReference: referenceOf(image.medianReference),
        fca: statisticOf(image.fca),
        sww: statisticOf(image.sww),
        fcaWithReferences: statisticOf(image.fcaWithReferences),
        swwWithReferences: statisticOf(image.swwWithReferences),
        close: image.close,
      };
    },
  };
}
