import { basename, extname } from 'node:path';
import type { StoredImage } from '../../../store/images.ts';

/** Finds images by a path in an annotation file, or by the end of that path. */
export class ImageIndex {
  /** Images by the stem of each of their names. */
  readonly #byStem: Map<string, { image: StoredImage; parts: string[] }[]>;

  constructor(images: readonly StoredImage[], maskFiles: ReadonlyMap<number, string>) {
    const named = images.flatMap((image) => {
      const exported = (maskFiles.get(image.id) ?? '').replace(/_mask\.png$/, '');
      const names = [
        ...(image.tileIndex === 0 ? [image.path] : []),
        `${image.textureClass}/${image.name}`,
        exported,
      ];
      return names.map((name) => ({ image, parts: partsOf(name) }));
    });
    this.#byStem = Map.groupBy(named, ({ parts }) => parts[0]);
  }

  /** Finds the image of the first hint that identifies exactly one. Among images of the same name, the longest common path suffix decides. */
  find(hints: readonly string[]): StoredImage | 'ambiguous' | undefined {
    let isAmbiguous = false;
    for (const hint of hints) {
      const wanted = partsOf(hint);
      const candidates = (this.#byStem.get(wanted[0]) ?? []).map(({ image, parts }) => ({
        image,
        common: commonStart(parts, wanted),
      }));
      const most = Math.max(0, ...candidates.map(({ common }) => common));
      const best = new Set(candidates.filter(({ common }) => common === most).map(({ image }) => image));
      if (best.size === 1) return [...best][0];
      if (best.size > 1) isAmbiguous = true;
    }
    return isAmbiguous ? 'ambiguous' : undefined;
  }
}

/**
 * The parts of a path from its end, the name without its extension first. Ignores case, Unicode form and the
 * folders of layouts.
 */
function partsOf(path: string): string[] {
  const parts = path
    .replaceAll('\\', '/')
    .normalize('NFC')
    .toLowerCase()
    .split('/')
    .filter(Boolean)
    .reverse();
  const [name = '', ...folders] = parts;
  // "0001_002_00.png #3" is a tile of a strip.
  const [, part = ''] = /( #\d+)$/.exec(name) ?? [];
  const file = name.slice(0, name.length - part.length);
  return [
    basename(file, extname(file)) + part,
    ...folders.filter((folder) => folder !== 'ground_truth' && folder !== 'test'),
  ];
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at === -1 ? a.length : at;
}
