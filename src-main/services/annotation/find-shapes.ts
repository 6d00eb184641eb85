import { extname, join } from 'node:path';
import type { AnnotationFormatName } from '../../common/api/annotation.ts';
import type { Problem } from '../../common/api/datasets.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { readInputFile } from '../../files/read.ts';
import type { StoredImage } from '../../store/images.ts';
import { FolderReader, listFolder } from '../library/folder-listing.ts';
import type { FoundAnnotation } from './formats/format.ts';
import { annotationFormats } from './formats/formats.ts';
import { ImageIndex } from './formats/image-index.ts';
import { type FoundMasks, type IncomingMask, nothingFound } from './found-masks.ts';
import { maskFiles } from './mask-files.ts';

/**
 * Finds shapes for a dataset's images in files of one format. Reports files that do not have the format.
 *
 * @throws PerchError `NOT_FOUND` if the folder contains no file of the format, `NOT_READABLE`
 */
export async function findShapes(
  folder: string,
  name: Exclude<AnnotationFormatName, 'mvtec'>,
  images: readonly StoredImage[],
  engine: EngineClient,
): Promise<FoundMasks> {
  const format = annotationFormats[name];
  const problems: Problem[] = [];
  const found: FoundAnnotation[] = [];
  await listFolder(folder);
  for (const file of await filesBelow(folder, format.extension)) {
    try {
      found.push(...format.read((await readInputFile(file)).toString('utf8').replace(/^\uFEFF/, ''), file));
    } catch (thrown) {
      problems.push({
        kind: 'unreadable',
        path: file,
        message: `${file} is not a ${name} file: ${reasonOf(thrown)}.`,
      });
    }
  }
  if (found.length === 0)
    throw nothingFound(
      folder,
      problems[0]?.message ?? `it contains no ${format.extension} files in the format ${name}.`,
    );
  const index = new ImageIndex(images, maskFiles(images));
  const taken = new Map<number, string>();
  const masks: IncomingMask[] = [];
  for (const annotation of found) {
    const { file, hints, isPartial, notes, shapes, size } = annotation;
    const image = index.find(hints);
    const what = `${file}, ${hints[0]}:`;
    const report = (kind: Problem['kind'], message: string) =>
      problems.push({ kind, path: file, message: `${what} ${message}` });
    if (image === undefined) report('mask-without-image', 'the dataset has no such image.');
    else if (image === 'ambiguous') report('ambiguous', 'several images of the dataset have this name.');
    else if (taken.has(image.id))
      report(
        'ambiguous',
        `${image.name} is already annotated in ${taken.get(image.id)}. This annotation is skipped.`,
      );
    else if (size && (size.width !== image.width || size.height !== image.height))
      report(
        'mask-size',
        `it is for an image of ${size.width} x ${size.height} pixels, but ${image.name} has ${image.width} x ${image.height}.`,
      );
    else {
      taken.set(image.id, file);
      problems.push(
        ...notes.map((message) => ({ kind: 'note' as const, path: file, message: `${file}: ${message}` })),
      );
      const request = { width: image.width, height: image.height, shapes };
      masks.push({
        image,
        path: file,
        mayBeNormal: shapes.length === 0 && !isPartial,
        read: async (signal) => ({
          ...(await engine.request('composeMask', request, { signal })),
          problems: [],
        }),
      });
    }
  }
  return { masks, problems };
}

async function filesBelow(folder: string, extension: string): Promise<string[]> {
  const reader = new FolderReader();
  const files: string[] = [];
  const walk = async (path: string): Promise<void> => {
    const { others, folders } = await reader.list(path);
    files.push(
      ...others.filter((name) => extname(name).toLowerCase() === extension).map((name) => join(path, name)),
    );
    for (const name of folders) await walk(join(path, name));
  };
  await walk(folder);
  return files;
}

/** The first line of a parser or schema error. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error && 'issues' in thrown) {
    const [issue] = thrown.issues as { path: PropertyKey[]; message: string }[];
    return `${issue.path.join('.') || 'it'}: ${issue.message}`;
  }
  return (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0].replace(/\.$/, '');
}
