import type { FileHandle } from 'node:fs/promises';
import { bitsFor } from '../bit-depth.ts';
import { isAlphaClear, type Samples } from '../samples.ts';
import { finisherOf, selectBands } from './finish-samples.ts';
import { readStored } from './read-stored.ts';
import type { SampleLayout, SampleMeaning, Work } from './stored-image.ts';
import type { UsedRange } from '../../protocol/data-types.ts';

/** Samples that are read at once. */
const BAND_SAMPLES = 2 ** 21;

/** Whether alpha is 0 everywhere, which needs all pixels. */
export async function scanAlpha(
  file: FileHandle,
  path: string,
  layout: SampleLayout,
  { colors, hasAlpha }: Pick<SampleMeaning, 'colors' | 'hasAlpha'>,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!hasAlpha) return false;
  const channels = colors === 'gray' ? 2 : 4;
  for await (const stored of bandsOf(file, path, layout, signal))
    if (!isAlphaClear({ data: selectBands(stored, layout.bands, channels), channels })) return false;
  return true;
}

/** The range of 16-bit samples without transparency. */
export async function scanUsed(
  file: FileHandle,
  path: string,
  image: SampleLayout & SampleMeaning,
  { signal, report }: Work,
): Promise<UsedRange> {
  const { grayProfile: _, ...plain } = image;
  const finish = finisherOf(plain, 16);
  let [largest, sum, count] = [0, 0, 0];
  let rows = 0;
  for await (const stored of bandsOf(file, path, image, signal)) {
    const samples = finish(stored);
    for (let i = 0; i < samples.length; i++) {
      if (samples[i] > largest) largest = samples[i];
      sum += samples[i];
    }
    count += samples.length;
    rows += stored.length / image.bands / image.width;
    report?.(rows / image.height);
  }
  return { bits: bitsFor(largest), mean: sum / count };
}

async function* bandsOf(
  file: FileHandle,
  path: string,
  layout: SampleLayout,
  signal?: AbortSignal,
): AsyncGenerator<Samples['data']> {
  const { width, height, bands } = layout;
  const rows = Math.max(1, Math.floor(BAND_SAMPLES / (width * bands)));
  for (let top = 0; top < height; top += rows) {
    signal?.throwIfAborted();
    yield await readStored(file, path, layout, { left: 0, top, width, height: Math.min(rows, height - top) });
  }
}
