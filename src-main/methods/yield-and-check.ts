import { setImmediate } from 'node:timers/promises';
import type { Execution } from './types.ts';

/**
 * Reports progress, lets the event loop run, and throws if the computation was canceled. Long loops call it every few
 * milliseconds.
 *
 * @param fraction the completed fraction, 0 to 1
 * @throws the aborted signal's reason
 */
export async function yieldAndCheck({ signal, onProgress }: Execution, fraction: number): Promise<void> {
  onProgress?.(fraction);
  await setImmediate();
  signal?.throwIfAborted();
}
