import { PerchError } from '../../common/api/errors.ts';
import type { ModelInput } from '../../methods/extractors/model-input.ts';
import type { ImageDeclaration, Layout } from '../../models/onnx/image-declaration.ts';

/** The layout that the user gives; undefined if the shape of the input shows it. */
export const layoutOf = ({ channelsLast }: { channelsLast?: boolean }): Layout | undefined =>
  channelsLast ? 'nhwc' : undefined;

/**
 * The input of a model, from its declaration and the range that the user gives.
 *
 * @throws PerchError `INVALID_ARGUMENT` if bytes do not run from 0 to 255
 */
export function modelInputOf(
  { type, layout, channels }: ImageDeclaration,
  range: ModelInput['range'] | undefined,
): ModelInput {
  if (type === 'uint8' && range === 1)
    throw new PerchError(
      'INVALID_ARGUMENT',
      'The input takes bytes (uint8), whose range is 0 to 255. Leave the range out.',
    );
  return { type, layout, channels, range: range ?? (type === 'uint8' ? 255 : 1) };
}

export function bytesNormalized(from: string): PerchError {
  return new PerchError(
    'INVALID_ARGUMENT',
    `${from} takes images as bytes (uint8), which cannot be normalized outside it. Leave mean and standard deviation out.`,
  );
}
