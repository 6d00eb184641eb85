import { cudaLibraryPath } from '../../files/native-module.ts';
import { isPackaged } from '../../platform/installation.js';
import type { ComputeBackend } from './compute-backend.ts';
import { loadNativeBackend } from './native-backend.ts';
import { referenceOf, statisticOf } from './native-job.ts';

/** A CUDA device, with the computations that have kernels (`native/cuda`). Patches as references must be the nearest ones. */
export interface CudaDevice extends Pick<
  ComputeBackend,
  'medianReference' | 'fca' | 'sww' | 'fcaWithReferences' | 'swwWithReferences'
> {
  name: string;
  computeCapability: string;
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
    medianReference: referenceOf(cuda.medianReference),
    fca: statisticOf(cuda.fca),
    sww: statisticOf(cuda.sww),
    fcaWithReferences: statisticOf(cuda.fcaWithReferences),
    swwWithReferences: statisticOf(cuda.swwWithReferences),
  };
}
