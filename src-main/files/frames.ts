import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PerchError } from '../common/api/errors.ts';
import { isImageName } from '../common/file-formats.ts';
import { readError } from './read.ts';

/** The frames of a roll, in the order in which they are stacked. */
export interface FrameFiles {
  frames: { name: string; path: string }[];
  /** Gaps in the numbering and ignored files, each a sentence. */
  notes: string[];
}

/** As many frames as a TIFF file may have pages. */
const MAX_FRAMES = 10_000;

/** Gaps and ignored files that a note names; the rest is counted. */
const NAMED = 5;

const collator = new Intl.Collator('en', { numeric: true });

/** Compares names of frames in natural order: 2 before 10. */
export const compareFrameNames = (a: string, b: string): number =>
  collator.compare(a, b) || (a === b ? 0 : a < b ? -1 : 1);

/**
 * Lists the image files of a folder as frames: in natural order (2 before 10), without its subfolders.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`; `NOT_AN_IMAGE` without frames; `IMAGE_TOO_LARGE` with too many
 */
export async function listFrames(folder: string): Promise<FrameFiles> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw readError(folder, cause);
  });
  const isFrame = new Map(entries.map((entry) => [entry, !entry.isDirectory() && isImageName(entry.name)]));
  const names = entries
    .filter((entry) => isFrame.get(entry))
    .map(({ name }) => name)
    .sort(compareFrameNames);
  if (names.length === 0)
    throw new PerchError(
      'NOT_AN_IMAGE',
      `${folder} has no frames: none of its files is an image. Name their folder.`,
    );
  if (names.length > MAX_FRAMES)
    throw new PerchError(
      'IMAGE_TOO_LARGE',
      `${folder} has ${names.length} frames. A roll may have at most ${MAX_FRAMES.toLocaleString('en')}. Use several folders.`,
    );
  const ignored = entries
    .filter((entry) => !isFrame.get(entry) && !entry.name.startsWith('.'))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort(collator.compare);
  const notes = [...missingFrames(names), ...(ignored.length > 0 ? [`Ignored ${list(ignored)}.`] : [])];
  return { frames: names.map((name) => ({ name, path: join(folder, name) })), notes };
}

/** Numbers that are missing between frames whose names differ only in their last number. */
export function missingFrames(names: readonly string[]): string[] {
  const parsed = names.map((name) => /^(.*?)(\d{1,15})(\D*)$/s.exec(name));
  const [first] = parsed;
  const isNumbered = parsed.every(
    (match) => match && first && match[1] === first[1] && match[3] === first[3],
  );
  if (!isNumbered) return [];
  const numbers = parsed.map((match) => Number(match?.[2])).sort((a, b) => a - b);
  const gaps: string[] = [];
  for (const [at, number] of numbers.entries()) {
    const from = (numbers[at - 1] ?? number) + 1;
    if (from < number) gaps.push(from === number - 1 ? `${from}` : `${from} to ${number - 1}`);
  }
  if (gaps.length === 0) return [];
  const missing = numbers[numbers.length - 1] - numbers[0] + 1 - new Set(numbers).size;
  const verb = missing === 1 ? 'frame is' : 'frames are';
  return [`${missing} ${verb} missing in the numbering: ${list(gaps)}. The frames around a gap are joined.`];
}

function list(items: readonly string[]): string {
  const named = items.slice(0, NAMED).join(', ');
  return items.length > NAMED ? `${named} and ${items.length - NAMED} more` : named;
}
