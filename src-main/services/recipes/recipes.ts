import { PerchError } from '../../common/api/errors.ts';
import type { Services } from '../types.ts';

/** Recipes: what an inspection line loads to decide images. */
export function openRecipes(): Services['recipes'] {
  const absent = () => {
    throw new PerchError('INTERNAL', 'Recipes are not available yet.');
  };
  return new Proxy(
    {
      list: () => ({ recipes: [] }),
      decisions: () => ({ decisions: [] }),
      marks: () => ({ images: [] }),
    } as Partial<Services['recipes']>,
    { get: (known, name) => known[name as 'list'] ?? absent },
  ) as Services['recipes'];
}
