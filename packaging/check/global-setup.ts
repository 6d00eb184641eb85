import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packCheckout, type Packed } from './packed.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The packed application; undefined if this system cannot pack it. */
    packed: Packed | undefined;
  }
}

/** Packs the checkout once for all specs. @returns a function that removes the package */
export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.platform !== 'linux') {
    console.warn('\n*** PACKAGE CHECK SKIPPED: only Electron for Linux is faked. ***\n');
    provide('packed', undefined);
    return undefined;
  }
  const { packed, remove } = await packCheckout(join(import.meta.dirname, '../..'));
  provide('packed', packed);
  return remove;
}
