import { PerchError } from '../../common/api/errors.ts';
import type { Isa } from '../types.ts';
import type { ComputeBackend } from './compute-backend.ts';
import { loadNativeBackend } from './native-backend.ts';
import { wasmBackend } from './wasm/wasm-backend.ts';

/** The fastest backend of this installation: the native module if it was built, otherwise the WebAssembly build. */
export const defaultBackend: ComputeBackend = loadNativeBackend() ?? wasmBackend;

/** The code paths of this installation, fastest first. The first one is the default. */
export const codePaths: readonly Isa[] = [...(loadNativeBackend()?.isas ?? []), 'wasm'];

/**
 * The backend that has a code path.
 *
 * @throws PerchError `INVALID_ARGUMENT` if the installation has no such code path
 */
export function backendWith(isa: Isa | 'auto' = 'auto'): ComputeBackend {
  if (isa === 'auto') return defaultBackend;
  if (isa === 'wasm') return wasmBackend;
  const native = loadNativeBackend();
  if (native) return native;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The code path "${isa}" needs the native module, which was not built. This installation has: ${codePaths.join(', ')}.`,
  );
}
