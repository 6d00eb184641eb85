import { stat } from 'node:fs/promises';
import type { Size } from '../../../common/geometry.ts';
import { PerchError } from '../../../common/api/errors.ts';
import type { RollDirection } from '../../../common/api/rolls.ts';
import { type FrameFiles, listFrames } from '../../../files/frames.ts';
import { splitPage } from '../../../files/paged-path.ts';
import { readError } from '../../../files/read.ts';
import { orientedSize } from '../orientation.ts';
import { openStream } from './open-stream.ts';
import type { OpenedStream } from './stored-image.ts';

/** Whether a path is a folder, whose frames are one image. @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
export async function isFrameFolder(path: string): Promise<boolean> {
  const { file, page } = splitPage(path);
  if (page !== undefined) return false;
  try {
    return (await stat(file)).isDirectory();
  } catch (cause) {
    throw readError(file, cause);
  }
}

/**
 * The size of an image of any size, or of the frames of a folder as one image. Reads headers only.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `NOT_AN_IMAGE`
 */
export async function imageSize(path: string, direction: RollDirection = 'down'): Promise<Size> {
  if (await isFrameFolder(path)) return stackedSize(await openFrames(path, direction), direction);
  const stream = await openStream(path);
  return orientedSize(stream, stream.orientation);
}

/** A frame of a roll whose header was read. */
export interface OpenedFrame extends Size {
  name: string;
  path: string;
  stream: OpenedStream;
}

export interface OpenedFrames extends FrameFiles {
  frames: OpenedFrame[];
}

/**
 * Reads the headers of a folder's frames.
 *
 * @throws PerchError of the first frame that cannot be read, or that does not fit to the first one
 */
export async function openFrames(folder: string, direction: RollDirection): Promise<OpenedFrames> {
  const { frames: files, notes } = await listFrames(folder);
  const frames: OpenedFrame[] = [];
  for (const { name, path } of files) {
    const stream = await openStream(path);
    const frame = { ...orientedSize(stream, stream.orientation), name, path, stream };
    assertFits(frame, frames[0] ?? frame, direction);
    frames.push(frame);
  }
  return { frames, notes };
}

function assertFits(frame: OpenedFrame, first: OpenedFrame, direction: RollDirection): void {
  const side = direction === 'down' ? 'width' : 'height';
  const expected = `as its first frame ${first.name}`;
  if (frame[side] !== first[side])
    throw misfit(
      frame,
      `it is ${frame[side]} pixels ${side === 'width' ? 'wide' : 'high'}, not ${first[side]} ${expected}`,
    );
  if (frame.stream.depth !== first.stream.depth)
    throw misfit(
      frame,
      `it has ${frame.stream.depth} bits per channel, not ${first.stream.depth} ${expected}`,
    );
}

function misfit({ path }: OpenedFrame, reason: string): PerchError {
  return new PerchError(
    'NOT_AN_IMAGE',
    `${path} does not belong to the other frames of its folder: ${reason}. Convert it, or move it to another folder.`,
  );
}

export function stackedSize({ frames }: OpenedFrames, direction: RollDirection): Size {
  const [{ width, height }] = frames;
  const sum = (side: 'width' | 'height') => frames.reduce((total, frame) => total + frame[side], 0);
  return direction === 'down' ? { width, height: sum('height') } : { width: sum('width'), height };
}
