import type { AnyMethod } from './schemas.ts';

/** The images that a method compares an image with: `normal` images of its class, or the others of its `set`. */
export type OtherImages = 'none' | 'normal' | 'set';

/** Which other images a method needs. */
export function otherImages(method: AnyMethod): OtherImages {
  if ('set' in method) return 'set';
  const needsNormal = 'coresetRatio' in method || 'memory' in method || 'normal' in method;
  return needsNormal ? 'normal' : 'none';
}
