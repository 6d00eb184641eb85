import { dirname } from 'node:path';
import type { Problem } from '../../common/api/datasets.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { RollImportEvent } from '../../common/api/rolls.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { importDataset } from '../datasets/import-dataset.ts';
import { describeRoll } from './describe-roll.ts';
import { planRoll, resolveRoll } from './plan-roll.ts';
import { stateRoll, type StatedRoll } from './state-roll.ts';

/** A file or a folder of frames, or an image of a dataset. */
export interface RollSource extends StatedRoll {
  source: { path: string } | { image: number };
  textureClass?: string | undefined;
}

/**
 * Imports a file or a folder of frames as a roll of the dataset of its parent folder. An image of a dataset, and a file that another
 * dataset contains, become a roll where they are.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`; `INVALID_ARGUMENT` for a file with pages
 */
export async function* importRoll(
  { source, textureClass, ...stated }: RollSource,
  context: { store: Store; engine: EngineClient },
  signal: AbortSignal,
): AsyncGenerator<RollImportEvent, void, void> {
  const { store } = context;
  if ('image' in source) return yield declare(store, store.images.get(source.image), textureClass, stated);
  const place = await resolveRoll(source.path);
  const elsewhere = imageElsewhere(store, place.path);
  if (elsewhere) return yield declare(store, elsewhere, textureClass, stated);
  const plan = planRoll(store, place, { textureClass, stated });
  for await (const event of importDataset(plan, {}, context, signal)) {
    if (event.type === 'progress') {
      yield event;
      continue;
    }
    const row = store.images.listByPath(place.path).find(({ dataset }) => dataset === event.dataset.id);
    const unreadable = event.problems.find(({ kind }) => kind === 'unreadable');
    if (!row || unreadable)
      throw new PerchError('NOT_READABLE', unreadable?.message ?? `${place.path} cannot be read.`);
    yield { type: 'imported', roll: describeRoll(store, row.id), problems: event.problems };
  }
}

/** Makes an image of a dataset a roll. */
function declare(
  store: Store,
  image: StoredImage,
  textureClass: string | undefined,
  stated: StatedRoll,
): RollImportEvent {
  stateRoll(store, image.id, stated);
  const problems: Problem[] = [];
  if (textureClass !== undefined && textureClass !== image.textureClass) {
    const { name } = store.datasets.get(image.dataset);
    const message = `${image.path} keeps its class "${image.textureClass}" in the dataset "${name}".`;
    problems.push({ kind: 'note', path: image.path, message });
  }
  return { type: 'imported', roll: describeRoll(store, image.id), problems };
}

/** The image of a whole file in a dataset that is not the one of its folder. */
function imageElsewhere(store: Store, path: string): StoredImage | undefined {
  return store.images
    .listByPath(path)
    .find(({ tileIndex, dataset }) => tileIndex === 0 && store.datasets.get(dataset).root !== dirname(path));
}
