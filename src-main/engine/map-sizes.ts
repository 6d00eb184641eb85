import { readMaskSize } from './mask.ts';
import type { Tasks } from './protocol.ts';
import { readMapSize } from './read-map.ts';
import type { TaskContext } from './task.ts';

/** Sizes of maps and masks, by the heads of their files. */
export async function mapSizes(
  { files }: Tasks['mapSizes']['request'],
  { signal }: TaskContext,
): Promise<Tasks['mapSizes']['answer']> {
  const sizes = [];
  for (const { map, mask } of files) {
    signal.throwIfAborted();
    sizes.push({ map: await readMapSize(map), ...(mask && { mask: await readMaskSize(mask) }) });
  }
  return { sizes };
}
