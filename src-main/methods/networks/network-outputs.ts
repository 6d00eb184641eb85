import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { OutputTensor } from '../extractors/extractor.ts';

/** Names of outputs with thresholded maps, which are no anomaly maps. */
const MASKS = /mask|label/i;
const MAPS = /anomaly_?map/i;
const SCORES = /score/i;

/** A network with several outputs that may be the anomaly map. */
export class SeveralMaps extends RangeError {}

/** The names of a network's outputs to use; found by name and shape if absent. */
export interface WantedOutputs {
  map?: string | undefined;
  score?: string | undefined;
}

/**
 * Finds the outputs with the anomaly map and the image score. The map is floating-point, [1, 1, h, w], [1, h, w, 1], [1, h, w] or
 * [h, w]; the score is one number.
 *
 * @throws RangeError with the reason if there is no map, or several may be it
 */
export function findOutputs(
  outputs: readonly OutputTensor[],
  wanted: WantedOutputs = {},
): { map: string; score: string | null } {
  const map = wanted.map === undefined ? findMap(outputs) : named(outputs, wanted.map);
  if (!toMap(map)) throw new RangeError(`its output ${shapeOf(map)} is not an anomaly map, ${MAP_SHAPES}`);
  const score = wanted.score === undefined ? findScore(outputs) : named(outputs, wanted.score);
  if (score && toScore(score) === undefined)
    throw new RangeError(`its output ${shapeOf(score)} is not the score of an image, one number`);
  return { map: map.name, score: score?.name ?? null };
}

/** The anomaly map that an output contains; undefined if it contains none. */
export function toMap({ values, dimensions }: OutputTensor): AnomalyMap | undefined {
  const [height, width] = mapSides(dimensions) ?? [0, 0];
  if (!values || height * width <= 1 || values.length !== height * width) return undefined;
  return { values, height, width };
}

/** The image score that an output contains; undefined if it contains none. */
export function toScore({ values, dimensions }: OutputTensor): number | undefined {
  return values?.length === 1 && dimensions.every((side) => side === 1) ? values[0] : undefined;
}

const MAP_SHAPES = 'floating-point numbers of the shape [1, 1, height, width], or without some of the ones';

function mapSides(dimensions: readonly number[]): readonly number[] | undefined {
  const [first, second, third, last] = dimensions;
  if (dimensions.length === 2) return dimensions;
  if (dimensions.length === 3 && first === 1) return dimensions.slice(1);
  if (dimensions.length !== 4 || first !== 1) return undefined;
  if (second === 1) return [third, last];
  return last === 1 ? [second, third] : undefined;
}

function findMap(outputs: readonly OutputTensor[]): OutputTensor {
  const maps = outputs.filter((output) => toMap(output) !== undefined);
  const called = maps.filter(({ name }) => MAPS.test(name));
  const others = maps.filter(({ name }) => !MASKS.test(name));
  const candidates = called.length > 0 ? called : others.length > 0 ? others : maps;
  if (candidates.length === 1) return candidates[0];
  const all = (each: readonly OutputTensor[]) => each.slice(0, 12).map(shapeOf).join(', ');
  if (candidates.length > 1)
    throw new SeveralMaps(`several of its outputs may be the anomaly map: ${all(candidates)}`);
  throw new RangeError(
    `none of its outputs is an anomaly map, ${MAP_SHAPES}. For an image it returns ${all(outputs)}`,
  );
}

function findScore(outputs: readonly OutputTensor[]): OutputTensor | undefined {
  const scores = outputs.filter((output) => toScore(output) !== undefined && !MASKS.test(output.name));
  const called = scores.filter(({ name }) => SCORES.test(name));
  const candidates = called.length > 0 ? called : scores;
  return candidates.length === 1 ? candidates[0] : undefined;
}

function named(outputs: readonly OutputTensor[], name: string): OutputTensor {
  const output = outputs.find((each) => each.name === name);
  if (output) return output;
  const names = outputs.slice(0, 12).map((each) => each.name);
  throw new RangeError(`it has no output "${name}". It has: ${names.join(', ')}`);
}

const shapeOf = ({ name, type, dimensions }: OutputTensor) =>
  `"${name.slice(0, 80)}" (${type} [${dimensions.join(', ')}])`;
