import type { ComputeBackend } from './compute-backend.ts';
import { fallbackBackend } from './fallback-backend.ts';
import { loadNativeBackend } from './native-backend.ts';

/** The fastest backend of this installation. */
export const defaultBackend: ComputeBackend = loadNativeBackend() ?? fallbackBackend;
