import { basename, join, resolve } from 'node:path';
import { isImageName, isMapName } from '../../common/file-formats.ts';
import { PerchError } from '../../common/api/errors.ts';
import { type Placed, pairMasks } from '../datasets/layouts/pair-masks.ts';
import { resultEndings } from '../inspections/previous-results.ts';
import { stemOf } from '../library/adjacent-masks.ts';
import { type Folder, FolderReader, listFolder } from '../library/folder-listing.ts';
import { isGoodName, maskFolder, splitOf } from '../library/folder-names.ts';

/** A map, its image's mask if there is one, and its image's label, which the folder gives. */
export interface MapWithMask {
  map: string;
  mask: string | undefined;
  isDefective: boolean;
}

/** The maps of one texture class, ordered by name. */
export interface ClassMaps {
  textureClass: string;
  maps: MapWithMask[];
}

export interface FoundMaps {
  classes: ClassMaps[];
  /** What was matched and what was not, one sentence each. */
  notes: string[];
}

/**
 * Finds the masks of maps, both in the MVTec AD layout: `DEFECT_TYPE/STEM.npy` and `DEFECT_TYPE/STEM_mask.png`, or without defect types;
 * then a map without a mask belongs to a normal image. Names match in any case, spelling and Unicode form. The folders above the defect
 * type, except those of splits and masks, name the class; without such folders, the folder of the maps names
 * it. With defect types, a map without a mask belongs to a normal image if the type is `good` or `ok`,
 * otherwise to a defective image that has only an image label.
 *
 * @throws PerchError `NOT_FOUND` if a folder or a map is missing or no mask matches, `NOT_READABLE`, `CONFLICT` if an image has
 * two maps
 */
export async function findMaps(mapsFolder: string, masksFolder: string): Promise<FoundMaps> {
  // Only the maps of an inspection's output are used, not its images.
  const maps = await filesOf(mapsFolder, ({ images, others, results }) => [
    ...[...images, ...others].filter(isMapName),
    ...results.filter((name) => name.toLowerCase().endsWith(resultEndings.map)),
  ]);
  const masks = await filesOf(masksFolder, ({ images }) => images.filter(isImageName));
  if (maps.length === 0) {
    throw new PerchError(
      'NOT_FOUND',
      `${mapsFolder} contains no maps. Maps are .npy, .tiff or 16-bit .png files.`,
    );
  }
  refuseTwice(maps);
  const pairs = pairMasks(maps, masks);
  if (masks.length > 0 && pairs.masks.size === 0) {
    throw new PerchError(
      'NOT_FOUND',
      `No mask matches a map: ${masks[0].path} has no map, and ${maps[0].path} has no mask. Defect types and names must match.`,
    );
  }
  const classes = new Map<string, MapWithMask[]>();
  const classOf = ({ defectType }: Placed) =>
    defectType.split('/').slice(0, -1).join('/') || basename(resolve(mapsFolder));
  for (const map of maps) {
    const [mask, ...others] = pairs.masks.get(map.path) ?? [];
    if (others.length > 0) throw twoOf(mask, others[0]);
    const kind = map.defectType.split('/').at(-1) ?? '';
    const of = { map: map.path, mask, isDefective: kind !== '' && !isGoodName(kind) };
    classes.set(classOf(map), [...(classes.get(classOf(map)) ?? []), of]);
  }
  const withoutMap = masks.filter(({ path }) => pairs.unpaired.includes(path));
  const needed = withoutMap.find((mask) => classes.has(classOf(mask)));
  if (needed) {
    const expected = join(mapsFolder, needed.defectType, needed.stem.replace(/_mask$/i, ''));
    throw new PerchError('NOT_FOUND', `${needed.path} has no map: ${expected}.npy does not exist.`);
  }
  const found = [...classes].map(([textureClass, of]) => ({ textureClass, maps: of }));
  return { classes: found, notes: [...found.flatMap(notesOf), ...otherClasses(withoutMap)] };
}

function notesOf({ textureClass, maps }: ClassMaps): string[] {
  const withMask = maps.filter(({ mask }) => mask !== undefined).length;
  const normal = maps.filter(({ mask, isDefective }) => mask === undefined && !isDefective);
  const bare = maps.filter(({ mask, isDefective }) => mask === undefined && isDefective);
  const matched = `${textureClass}: ${maps.length} maps, ${withMask} with a mask, ${normal.length} without a mask are normal`;
  if (bare.length === 0) return [`${matched}.`];
  return [
    `${matched}, ${bare.length} of defective images without a mask (${bare[0].map}${bare.length > 1 ? ', ...' : ''}) count only in image ` +
      'metrics.',
  ];
}

function otherClasses(masks: readonly Placed[]): string[] {
  if (masks.length === 0) return [];
  return [
    `${masks.length} masks belong to classes without maps (${masks[0].path}${masks.length > 1 ? ', ...' : ''}).`,
  ];
}

/** The files below a folder, grouped by the folders that name the class and the defect type. */
async function filesOf(folder: string, wanted: (of: Folder) => string[]): Promise<Placed[]> {
  await listFolder(folder).catch((thrown: unknown) => {
    const isFile = ((thrown as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ENOTDIR';
    throw isFile ? new PerchError('NOT_FOUND', `${folder} is not a folder.`, thrown) : thrown;
  });
  const reader = new FolderReader();
  const files: Placed[] = [];
  const walk = async (path: string, folders: readonly string[]): Promise<void> => {
    const listed = await reader.list(path);
    for (const name of wanted(listed)) {
      const stem = stemOf(name).replace(/\.map$/i, '');
      files.push({ path: join(path, name), defectType: folders.join('/'), folders: [], stem });
    }
    for (const name of listed.folders) {
      const says = splitOf(name) === undefined && maskFolder(name) === undefined;
      await walk(join(path, name), says ? [...folders, name] : folders);
    }
  };
  await walk(folder, []);
  if (reader.unreadable.length > 0) throw reader.unreadable[0].error;
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function refuseTwice(maps: readonly Placed[]): void {
  const seen = new Map<string, string>();
  for (const { defectType, stem, path } of maps) {
    const key = `${defectType}/${stem}`.normalize('NFC');
    const other = seen.get(key);
    if (other !== undefined) throw twoOf(other, path);
    seen.set(key, path);
  }
}

function twoOf(one: string, other: string): PerchError {
  return new PerchError('CONFLICT', `${one} and ${other} belong to the same image. Keep one of them.`);
}
