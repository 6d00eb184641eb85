import type { RollFrame } from '../../common/api/rolls.ts';
import type { StoredImage } from '../../store/images.ts';
import { type Placed, pairMasks } from '../datasets/layouts/pair-masks.ts';
import { stemOf } from '../library/adjacent-masks.ts';
import { imageStemOf } from '../library/folder-names.ts';
import { maskFiles } from './mask-files.ts';

/** A mask file at its place below a folder: `CLASS/ground_truth/KIND/FOLDERS/STEM_mask.png`. */
export interface MaskFile {
  path: string;
  textureClass: string;
  kind: string;
  folders: readonly string[];
  stem: string;
}

/** What a mask file is the mask of: an image, or a frame of a roll. */
export interface MaskTarget {
  image: StoredImage;
  frame?: RollFrame;
}

export interface MatchedMasks {
  /** Mask files in their order. */
  matched: { path: string; target: MaskTarget }[];
  unmatched: string[];
  /** Files in the folder of a roll that have the name of none of its frames. */
  withoutFrame: { path: string; roll: StoredImage }[];
}

interface PlacedTarget extends Placed {
  target: MaskTarget;
  textureClass: string;
}

/**
 * Finds the image or the frame of each mask file. Frames are `FRAME` in a folder with the name of their roll. The kind of an image
 * without a defect type may be any.
 *
 * @param framesOf the frames of a roll that is a folder; empty for other images
 */
export function matchMasks(
  files: readonly MaskFile[],
  images: readonly StoredImage[],
  framesOf: (image: number) => readonly RollFrame[],
): MatchedMasks {
  const targets = placeTargets(images, framesOf);
  const untyped = targets
    .filter(({ target }) => target.image.defectType === '')
    .map((placed) => ({ ...placed, defectType: placed.textureClass }));
  const passes: { of: readonly PlacedTarget[]; place: (file: MaskFile) => Placed }[] = [
    { of: targets, place: (file) => ({ ...file, defectType: `${file.textureClass}/${file.kind}` }) },
    {
      of: untyped,
      place: (file) => ({ ...file, defectType: file.textureClass, folders: [file.kind, ...file.folders] }),
    },
    { of: untyped, place: (file) => ({ ...file, defectType: file.textureClass }) },
  ];
  const found = new Map<string, MaskTarget>();
  for (const { of, place } of passes) {
    const byPath = new Map(of.map((placed) => [placed.path, placed.target]));
    const open = files.filter(({ path }) => !found.has(path));
    for (const [target, paths] of pairMasks(of, open.map(place)).masks)
      for (const path of paths) found.set(path, byPath.get(target) as MaskTarget);
  }
  const result: MatchedMasks = { matched: [], unmatched: [], withoutFrame: [] };
  for (const { path, stem } of files) {
    const target = found.get(path);
    if (!target) result.unmatched.push(path);
    else if (isWithoutFrame(target, stem)) result.withoutFrame.push({ path, roll: target.image });
    else result.matched.push({ path, target });
  }
  return result;

  /** Whether a mask was matched by the folder it is in, which for a roll contains masks of frames. */
  function isWithoutFrame({ image, frame }: MaskTarget, stem: string): boolean {
    if (frame || framesOf(image.id).length === 0) return false;
    const names = [imageStemOf(stem), stem].map(folded);
    return !targets.some(
      ({ target, stem: own }) => target.image === image && !target.frame && names.includes(folded(own)),
    );
  }
}

function placeTargets(
  images: readonly StoredImage[],
  framesOf: (image: number) => readonly RollFrame[],
): PlacedTarget[] {
  const paths = maskFiles(images);
  return images.flatMap((image): PlacedTarget[] => {
    const path = paths.get(image.id) ?? '';
    const [textureClass, , kind, file] = path.split('/');
    const stem = stemOf(file).replace(/_mask$/, '');
    const whole = { path, textureClass, defectType: `${textureClass}/${kind}`, folders: [], stem };
    const frames = framesOf(image.id).map((frame) => ({
      ...whole,
      path: `${path}/${frame.name}`,
      folders: [stem],
      stem: stemOf(frame.name),
      target: { image, frame },
    }));
    return [{ ...whole, target: { image } }, ...frames];
  });
}

const folded = (name: string) => name.normalize('NFC').toLowerCase();
