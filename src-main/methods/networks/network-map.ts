import { PerchError } from '../../common/api/errors.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import { antialiasedResize } from './antialiased-resize.ts';
import { inputTensor } from '../extractors/model-input.ts';
import { padToMultiple } from '../extractors/pad-image.ts';
import type { AddedModel, InputTensor, ModelRunner } from '../extractors/extractor.ts';
import type { RgbImage } from '../types.ts';
import { toMap, toScore } from './network-outputs.ts';
import type { NetworkRecord } from './network-record.ts';

/** How images are prepared for a network, and what it returns. */
export type NetworkGraph = Pick<NetworkRecord, 'input' | 'normalization' | 'size'>;

/** What a network finds in an image. */
export interface NetworkFinding {
  map: AnomalyMap;
  /** Size in pixels of the area of the image that the map spans. */
  extentHeight: number;
  extentWidth: number;
  /** The network's own score of the image, if it has one. */
  imageScore?: number;
}

/** Prepares an image for a network: resizes it to a fixed size, or pads it to a multiple. */
export function prepareImage(
  image: RgbImage,
  { input, normalization, size }: NetworkGraph,
): { tensor: InputTensor; extentHeight: number; extentWidth: number } {
  if (size) {
    const tensor = inputTensor(antialiasedResize(image, size), input, normalization);
    return { tensor, extentHeight: image.height, extentWidth: image.width };
  }
  const padded = padToMultiple(image, input.multiple ?? 1);
  const tensor = inputTensor(padded, input, normalization);
  return { tensor, extentHeight: padded.height, extentWidth: padded.width };
}

/**
 * Runs an imported network on an image.
 *
 * @throws PerchError `MODEL_UNUSABLE` if it fails, or returns no map of finite values
 */
export async function networkMap(
  { record, model }: { record: NetworkRecord; model: AddedModel },
  image: RgbImage,
  models: ModelRunner,
): Promise<NetworkFinding> {
  const { tensor, ...extent } = prepareImage(image, record);
  const { mapOutput, scoreOutput } = record;
  const names = scoreOutput === null ? [mapOutput] : [mapOutput, scoreOutput];
  const [mapTensor, scoreTensor] = await models.runOutputs(model, tensor, names);
  const map = toMap(mapTensor);
  if (!map)
    throw unusable(model, `returned [${mapTensor.dimensions.join(', ')}] instead of one anomaly map.`);
  if (!map.values.every(Number.isFinite)) throw unusable(model, 'returned scores that are not finite.');
  const score = scoreTensor && toScore(scoreTensor);
  if (scoreTensor && !Number.isFinite(score)) throw unusable(model, 'returned no finite score of the image.');
  return { map, ...extent, ...(score !== undefined && { imageScore: score }) };
}

function unusable({ file }: AddedModel, what: string): PerchError {
  return new PerchError('MODEL_UNUSABLE', `The network ${file} ${what}`);
}
