import type { Diagnostic } from '../../common/api/settings.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import type { Store } from '../../store/store.ts';
import { definitionSha256 } from '../recipes/check-definition.ts';

/** Checks whether every revision of a recipe is what was stored, and whether classes have the region of their recipe. */
export function examineRecipes(store: Store): Diagnostic {
  const topic = 'recipes';
  const recipes = store.recipes.list();
  let revisions = 0;
  const faults: string[] = [];
  for (const { id, name, latest, uses } of recipes) {
    for (const { revision, definition, sha256 } of store.recipes.listRevisions(id)) {
      revisions++;
      if (definitionSha256(definition) !== sha256)
        faults.push(`Revision ${revision} of "${name}" does not match its SHA-256.`);
    }
    const region = regionSha256(latest.definition.region);
    for (const { dataset, textureClass } of uses)
      if (regionSha256(store.classRegions.find(dataset, textureClass)) !== region)
        faults.push(`"${name}" and its class "${textureClass}" have different inspection regions.`);
  }
  const found = `${recipes.length}, with ${revisions} ${revisions === 1 ? 'revision' : 'revisions'}`;
  if (faults.length === 0) return { topic, found: recipes.length === 0 ? 'none yet' : found };
  return { topic, found, problem: `${faults.join(' ')} Restore the database from a backup.` };
}
