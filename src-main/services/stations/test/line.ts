import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { RecipeDefinition } from '../../../common/api/recipes.ts';
import { mulberry32 } from '../../../methods/prng.ts';
import type { Store } from '../../../store/store.ts';
import { definitionSha256 } from '../../recipes/check-definition.ts';
import { createStation, type StationWishes } from '../create-station.ts';

const SIDE = 48;

/** A recipe with a method that takes milliseconds. Good pieces score below 0.01, pieces with a spot above 0.1. */
const definition: RecipeDefinition = {
  classes: ['cloth'],
  method: { extractor: 'colors', statistic: 'moments', reference: 'global', patchSize: 3 },
  modelSha256: null,
  region: null,
  sizeLimits: { unit: 'positions', minArea: 4, minLength: 0 },
  edgeMargin: 0,
  thresholds: { review: 0.01, reject: 0.1 },
  regionLimits: { maxCount: null, maxTotalArea: null },
  mmPerPixel: null,
  displayRange: null,
  calibration: null,
};

export function addRecipe(store: Store, changes: Partial<RecipeDefinition> = {}, name = 'cloth'): number {
  const all = { ...definition, ...changes };
  store.methods.upsertDefinition(all.method, 'quick');
  return store.recipes.add(name, [
    {
      revision: 1,
      author: 'Ada',
      at: '2026-03-01T06:00:00.000Z',
      reason: '',
      changes: [],
      definition: all,
      sha256: definitionSha256(all),
    },
  ]);
}

/** A station that watches `folder`, which is created. */
export async function addStation(
  store: Store,
  folder: string,
  wishes: Partial<StationWishes> = {},
): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const { id } = await createStation(store, {
    name: 'line',
    folder,
    shifts: ['00:00'],
    alarmAfter: 0,
    keep: { days: null, pieces: null, rejectsToo: false, records: null },
    ...wishes,
    recipe: wishes.recipe ?? addRecipe(store),
  });
  return id;
}

/** A piece of cloth as PNG, with a spot if it is defective. Each seed makes another one. */
export function cloth(seed: number, { spot = false, side = SIDE } = {}): Promise<Buffer> {
  const random = mulberry32(seed);
  const pixels = Uint8Array.from({ length: 3 * side * side }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % side, Math.floor(at / 3 / side)];
    const isSpot = spot && x >= 12 && x < 24 && y >= 12 && y < 24;
    return (isSpot ? 220 : 100) + 20 * random();
  });
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}

/** Writes pieces of cloth, one after the other. Those of `spots` are defective. */
export async function dropCloth(folder: string, seeds: readonly number[], spots: readonly number[] = []) {
  for (const seed of seeds)
    await writeFile(join(folder, `${seed}.png`), await cloth(seed, { spot: spots.includes(seed) }));
}
