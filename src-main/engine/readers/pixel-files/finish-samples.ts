import { expandTo16Bits } from '../bit-depth.ts';
import { grayProfileTable } from '../gray-profile.ts';
import { flattenAlpha, inksToRgb, type Samples } from '../samples.ts';
import type { SampleMeaning } from './stored-image.ts';

/** Makes stored samples opaque gray or RGB that span their type, as `decodeImage` does. */
export type FinishSamples = (stored: Samples['data']) => Samples['data'];

/** @param bits significant bits of 16-bit samples */
export function finisherOf(
  { colors, hasAlpha, isClear, grayProfile, bands }: SampleMeaning & { bands: number },
  bits: number,
): FinishSamples {
  const channels = ((colors === 'gray' ? 1 : 3) + (hasAlpha ? 1 : 0)) as Samples['channels'];
  const table = grayProfile === undefined ? undefined : grayProfileTable(Buffer.from(grayProfile, 'base64'));
  return (stored) => {
    if (colors === 'cmyk') return inksToRgb(stored as Uint8Array);
    const { data } = flattenAlpha({ data: selectBands(stored, bands, channels), channels }, isClear);
    if (data instanceof Uint8Array) return data;
    expandTo16Bits(data, bits);
    if (table) for (let i = 0; i < data.length; i++) data[i] = table[data[i]];
    return data;
  };
}

/** The first `channels` of `bands` samples of each pixel. */
export function selectBands(stored: Samples['data'], bands: number, channels: number): Samples['data'] {
  if (bands === channels) return stored;
  const count = (stored.length / bands) * channels;
  const selected = stored instanceof Uint16Array ? new Uint16Array(count) : new Uint8Array(count);
  for (let from = 0, to = 0; from < stored.length; from += bands)
    for (let channel = 0; channel < channels; channel++) selected[to++] = stored[from + channel];
  return selected;
}
