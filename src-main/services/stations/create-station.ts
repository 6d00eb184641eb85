import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import type { Recipe } from '../../common/api/recipes.ts';
import type { RollDirection } from '../../common/api/rolls.ts';
import type { KeepRule } from '../../common/api/station.ts';
import { readError } from '../../files/read.ts';
import type { StationChoices, StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';
import { adoptRecipe } from '../recipes/assign-recipe.ts';
import { assertUsable } from '../recipes/station-recipe.ts';
import { isNetworkShare } from './watching/is-network-share.ts';

export interface StationWishes {
  name: string;
  folder: string;
  recipe: number;
  textureClass?: string | undefined;
  polling?: boolean | undefined;
  rollDirection?: RollDirection | null | undefined;
  shifts: string[];
  alarmAfter: number;
  keep: KeepRule;
}

/**
 * Adds a station. Its pieces become images of the dataset of the folder, which is added if there is none.
 *
 * @throws PerchError `NOT_FOUND`, `CONFLICT`, `INVALID_ARGUMENT`
 */
export async function createStation(store: Store, wishes: StationWishes): Promise<StoredStation> {
  const folder = resolve(wishes.folder);
  await assertFolder(folder);
  const polling = wishes.polling ?? (await isNetworkShare(folder));
  const recipe = store.recipes.get(wishes.recipe);
  const { name, rollDirection = null, shifts, alarmAfter, keep } = wishes;
  const textureClass = wishes.textureClass ?? recipe.latest.definition.classes[0];
  return store.transaction(() => {
    const dataset =
      store.datasets.getByRoot(folder)?.id ??
      store.datasets.add({
        name: store.datasets.uniqueName(name),
        layout: 'folder',
        root: folder,
        ignoreBorder: 0,
      });
    const place = { dataset, textureClass };
    assertUsable(store, place, recipe);
    const choices = { name, recipe: recipe.id, polling, rollDirection, shifts, alarmAfter, keep };
    const id = store.stations.add({ ...choices, ...place, folder });
    useRecipe(store, place, recipe);
    return store.stations.get(id);
  });
}

/** @throws PerchError as `createStation` */
export function changeStation(
  store: Store,
  id: number,
  wishes: { [Choice in keyof StationChoices]?: StationChoices[Choice] | undefined },
): StoredStation {
  return store.transaction(() => {
    const station = store.stations.get(id);
    const { name, recipe, polling, rollDirection, shifts, alarmAfter, keep } = station;
    const stated = Object.fromEntries(Object.entries(wishes).filter(([, wish]) => wish !== undefined));
    const choices = { name, recipe, polling, rollDirection, shifts, alarmAfter, keep, ...stated };
    if (choices.recipe !== recipe) {
      const next = store.recipes.get(choices.recipe);
      assertUsable(store, station, next);
      useRecipe(store, station, next);
    }
    assertSameDirection(store, station, choices.rollDirection);
    store.stations.change(id, choices);
    return store.stations.get(id);
  });
}

/** @throws PerchError `CONFLICT` if the station has frames, whose places depend on the direction */
function assertSameDirection(
  store: Store,
  { id, name, rollDirection }: StoredStation,
  wanted: RollDirection | null,
): void {
  if (rollDirection === wanted || store.pieceFrames.rolls(id, 1).length === 0) return;
  throw new PerchError(
    'CONFLICT',
    `The station "${name}" has frames of rolls already, so their direction stays. Remove the station, and create it again.`,
  );
}

/** The recipe also decides the class of the station, so that every screen shows the same decisions. */
function useRecipe(
  store: Store,
  { dataset, textureClass }: Pick<StoredStation, 'dataset' | 'textureClass'>,
  { id }: Recipe,
): void {
  adoptRecipe(store, dataset, textureClass, id);
  store.recipes.assign(dataset, textureClass, id);
}

/** @throws PerchError `NOT_FOUND`, `INVALID_ARGUMENT` */
export async function assertFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((cause: unknown) => {
    throw readError(folder, cause);
  });
  if (!found.isDirectory())
    throw new PerchError('INVALID_ARGUMENT', `${folder} is a file. Name the folder in which images arrive.`);
}
