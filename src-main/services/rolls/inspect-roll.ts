import type { AnyMethod, ProviderChoice } from '../../common/api/schemas.ts';
import type { Run } from '../../common/api/runs.ts';
import type { Store } from '../../store/store.ts';
import { defaultMethod } from '../methods/method-options.ts';
import { storeMethod } from '../methods/store-method.ts';
import type { Services } from '../types.ts';

/** Starts a run on a roll: by the given method, by that of the recipe that decides its class, or by the default one. */
export async function inspectRoll(
  { store, runs }: { store: Store; runs: Pick<Services['runs'], 'start'> },
  { image, method, provider }: { image: number; method?: AnyMethod | undefined; provider: ProviderChoice },
  signal: AbortSignal,
): Promise<Run> {
  store.rolls.get(image);
  const { dataset, textureClass } = store.images.get(image);
  const recipe = store.recipes.listAssigned(dataset).get(textureClass);
  const ofRecipe = recipe === undefined ? undefined : store.recipes.get(recipe).latest.definition.method;
  const { id } = await storeMethod(store, method ?? ofRecipe ?? defaultMethod);
  return runs.start({ dataset, methods: [id], images: [image], split: 'all', provider }, signal);
}
