import { setImmediate } from 'node:timers/promises';
import type { Execution } from './types.ts';

/** Tells how far a computation is, lets the process attend to messages, and stops it where it was canceled. */
export async function pause({ signal, onProgress }: Execution, fraction: number): Promise<void> {
  onProgress?.(fraction);
  await setImmediate();
  signal?.throwIfAborted();
}
