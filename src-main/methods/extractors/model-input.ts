import { z } from 'zod';
import type { RgbImage } from '../types.ts';
import type { InputTensor } from './extractor.ts';

/** How a model takes images. */
export const modelInput = z.object({
  type: z.enum(['float32', 'float16', 'uint8']),
  /** Planes (N x C x H x W), or pixels with their channels side by side (N x H x W x C). */
  layout: z.enum(['nchw', 'nhwc']),
  /** RGB, or gray. */
  channels: z.union([z.literal(1), z.literal(3)]),
  /** The value of white. */
  range: z.union([z.literal(1), z.literal(255)]),
  /** Images are padded to multiples of this side (`padToMultiple`); any size if absent. */
  multiple: z.int().min(2).optional(),
});
export type ModelInput = z.infer<typeof modelInput>;

const rgb = z.tuple([z.number(), z.number(), z.number()]);

/** Mean and standard deviation of R, G and B, in units of the input's range. */
export const normalization = z.object({ mean: rgb, std: rgb });
export type Normalization = z.infer<typeof normalization>;

/** Float32 planes of R, G and B in 0..1, as PyTorch's models take them. */
export const DEFAULT_INPUT: ModelInput = { type: 'float32', layout: 'nchw', channels: 3, range: 1 };

/** Weights of red, green and blue in gray (ITU-R BT.601), as Pillow and OpenCV convert. */
const GRAY = [0.299, 0.587, 0.114] as const;

/** An image as the tensor that a model takes, with a batch of 1. */
export function inputTensor(
  image: RgbImage,
  { type, layout, channels, range }: ModelInput,
  normalized: Normalization | null,
): InputTensor {
  const { height, width } = image;
  const plane = height * width;
  if (!normalized && type === 'float32' && layout === 'nchw' && channels === 3 && range === 1)
    return { values: image.values, dimensions: [1, 3, height, width] };
  const source = channels === 1 ? grayPlane(image) : image.values;
  const [pixelStep, channelStep] = layout === 'nchw' ? [1, plane] : [channels, 1];
  const values = type === 'uint8' ? new Uint8ClampedArray(source.length) : new Float32Array(source.length);
  for (let channel = 0; channel < channels; channel++) {
    const shift = normalized ? normalized.mean[channel] : 0;
    const factor = normalized ? 1 / normalized.std[channel] : 1;
    const [from, to] = [channel * plane, channel * channelStep];
    for (let i = 0; i < plane; i++) values[to + i * pixelStep] = (source[from + i] * range - shift) * factor;
  }
  const dimensions = layout === 'nchw' ? [1, channels, height, width] : [1, height, width, channels];
  if (values instanceof Uint8ClampedArray) return { values: new Uint8Array(values.buffer), dimensions };
  return { values, dimensions, ...(type === 'float16' && { half: true }) };
}

function grayPlane({ values, height, width }: RgbImage): Float32Array {
  const plane = height * width;
  const [red, green, blue] = GRAY;
  const gray = new Float32Array(plane);
  for (let i = 0; i < plane; i++)
    gray[i] = red * values[i] + green * values[plane + i] + blue * values[2 * plane + i];
  return gray;
}
