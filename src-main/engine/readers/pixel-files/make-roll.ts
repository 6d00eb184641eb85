import { open, rm } from 'node:fs/promises';
import type { ReadingNote } from '../../../common/api/reading-notes.ts';
import type { RollDirection } from '../../../common/api/rolls.ts';
import type { UsedRange } from '../../protocol/data-types.ts';
import { orientedResolution } from '../orientation.ts';
import type { Frame, PixelBlock, PixelSource } from '../pixel-source.ts';
import type { Samples } from '../samples.ts';
import { type FileIdentity, assertUnchanged } from './file-identity.ts';
import { type OpenedFrame, type OpenedFrames, stackedSize } from './image-size.ts';
import { decodeWhole, isDecodedWhole, isStoredForBitDepth, makePixels } from './make-pixels.ts';
import { RowWriter } from './row-writer.ts';
import type { StoredImage, Work } from './stored-image.ts';
import { storedSource } from './stored-source.ts';

/** Samples of a large frame that are copied at once. */
const BAND_SAMPLES = 2 ** 22;

interface RollOptions extends Work {
  direction: RollDirection;
  /** Checksums and versions of the frames, in order. */
  identities: readonly FileIdentity[];
  bitDepth: number | undefined;
}

/** Decodes the frames of a folder one after the other to a new file. @throws PerchError of a frame, as `decodeImage` */
export async function makeRoll(
  opened: OpenedFrames,
  to: string,
  { direction, identities, bitDepth, signal, report }: RollOptions,
): Promise<StoredImage> {
  const { frames } = opened;
  const isFinished = frames.some(({ stream }) => isStoredForBitDepth(stream));
  const bits = isFinished ? (bitDepth ?? (await largestDepth(frames, to, signal))) : 16;
  const isGray = frames.every(({ stream }) => stream.colors === 'gray');
  const notes: ReadingNote[] = opened.notes.map((message) => ({ kind: 'frames', message }));
  const stacked: Frame[] = [];
  let used: UsedRange | undefined;
  let offset = 0;
  {
    await using writer = await RowWriter.create(to);
    for (const [at, frame] of frames.entries()) {
      signal?.throwIfAborted();
      const source = await openFrame(frame, `${to}.frame`, bits, signal);
      try {
        await copyFrame(source, writer, isGray ? 1 : 3);
      } finally {
        await source.close();
      }
      await assertUnchanged(frame.path, identities[at].version);
      const length = direction === 'down' ? frame.height : frame.width;
      stacked.push({ name: frame.name, sha256: identities[at].sha256, offset, length });
      offset += length;
      used = mergeUsed(used, source.used, at);
      for (const { kind, message } of source.notes)
        if (kind !== 'bit-depth') notes.push({ kind, message: `${frame.name}: ${message}` });
      report?.((at + 1) / frames.length);
    }
  }
  const { resolution: stored, orientation } = frames[0].stream;
  const resolution = stored && orientedResolution(stored, orientation);
  return {
    ...stackedSize(opened, direction),
    depth: frames[0].stream.depth,
    bands: isGray ? 1 : 3,
    offset: 0,
    colors: isGray ? 'gray' : 'rgb',
    hasAlpha: false,
    isClear: false,
    orientation: 1,
    notes,
    roll: { direction, frames: stacked },
    ...(isFinished && { isFinished }),
    ...(used && { used }),
    ...(resolution && { resolution }),
  };
}

/** A frame's pixels: in memory if it is small, otherwise in a file that closing removes. */
async function openFrame(
  { path, name, stream }: OpenedFrame,
  temporary: string,
  bitDepth: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Pick<PixelSource, 'width' | 'height' | 'channels' | 'notes' | 'used' | 'read' | 'close'>> {
  if (isDecodedWhole(path, stream)) {
    const { block, colors, used, notes } = await decodeWhole(path, stream, { bitDepth });
    return {
      width: block.width,
      height: block.height,
      channels: colors === 'gray' ? 1 : 3,
      notes,
      ...(used && { used }),
      read: async ({ top, height }) => rowsOf(block, top, height),
      close: async () => {},
    };
  }
  try {
    const image = await makePixels(path, stream, temporary, { bitDepth, signal });
    const source = storedSource(await open(temporary), image, { path, name, sha256: '', bitDepth });
    return {
      ...source,
      close: async () => {
        await source.close();
        await rm(temporary, { force: true });
      },
    };
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

function rowsOf({ data, width, channels }: PixelBlock, top: number, height: number): PixelBlock {
  const row = width * channels;
  return { data: data.subarray(top * row, (top + height) * row), width, height, channels };
}

async function copyFrame(
  source: Pick<PixelSource, 'width' | 'height' | 'channels' | 'read'>,
  writer: RowWriter,
  channels: 1 | 3,
): Promise<void> {
  const { width, height } = source;
  const rows = Math.max(1, Math.floor(BAND_SAMPLES / (width * source.channels)));
  for (let top = 0; top < height; top += rows) {
    const { data } = await source.read({ left: 0, top, width, height: Math.min(rows, height - top) });
    await writer.write(channels === source.channels ? data : tripled(data));
  }
}

/** Gray samples as RGB. */
function tripled(gray: Samples['data']): Samples['data'] {
  const rgb =
    gray instanceof Uint16Array ? new Uint16Array(3 * gray.length) : new Uint8Array(3 * gray.length);
  for (let i = 0; i < gray.length; i++) rgb.fill(gray[i], 3 * i, 3 * i + 3);
  return rgb;
}

/** The bit depth of frames with color profiles, which need it before they are decoded. */
async function largestDepth(
  frames: readonly OpenedFrame[],
  to: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  let largest = 1;
  for (const frame of frames) {
    signal?.throwIfAborted();
    const source = await openFrame(frame, `${to}.frame`, undefined, signal);
    await source.close();
    largest = Math.max(largest, source.used?.bits ?? 16);
  }
  return largest;
}

/** @param count number of frames that were merged before */
function mergeUsed(
  merged: UsedRange | undefined,
  next: UsedRange | undefined,
  count: number,
): UsedRange | undefined {
  if (!merged || !next) return merged ?? next;
  return {
    bits: Math.max(merged.bits, next.bits),
    mean: (count * merged.mean + next.mean) / (count + 1),
  };
}
