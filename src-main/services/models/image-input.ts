import { PerchError } from '../../common/api/errors.ts';
import type { Size } from '../../common/geometry.ts';
import type { ModelInput } from '../../methods/extractors/model-input.ts';
import type { ImageDeclaration, Layout } from '../../models/onnx/image-declaration.ts';

/** The layout that the user gives; undefined if the shape of the input shows it. */
export const layoutOf = ({ channelsLast }: { channelsLast?: boolean | undefined }): Layout | undefined =>
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

/** The only size of images that a graph takes; null if it takes any. */
export function sizeFor(
  from: string,
  { height, width }: ImageDeclaration,
  given: Size | undefined,
): Size | null {
  if (height === null && width === null) return given ?? null;
  const own = { height: height ?? given?.height, width: width ?? given?.width };
  const isOther = given && (given.height !== own.height || given.width !== own.width);
  if (isOther)
    throw new PerchError(
      'INVALID_ARGUMENT',
      `${from} takes images of ${width ?? '?'} x ${height ?? '?'} pixels, not ${given.width} x ${given.height}. Leave the size out.`,
    );
  // A side that the graph leaves free is like the fixed one.
  return { height: own.height ?? own.width ?? 1, width: own.width ?? own.height ?? 1 };
}
