import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import { PerchError } from '../../common/api/errors.ts';
import { defaultBackend } from '../../methods/backend/default-backend.ts';
import { comparisonNamed, comparisonParameters } from '../../methods/set-statistics/registry.ts';
import { mutualScores, neighborhoodSides } from '../../methods/set-statistics/mutual.ts';
import { nearestScores, unitRows } from '../../methods/set-statistics/nearest.ts';
import { rowsOf } from '../../methods/set-statistics/rows-of.ts';
import { buildSubspace, CovarianceSum, subspaceScores } from '../../methods/set-statistics/subspace.ts';
import { concatRows } from '../../methods/patchcore/patches.ts';
import type { Execution, FeatureMap } from '../../methods/types.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { FeatureSet } from '../protocol/data-types.ts';
import { type HandlerContext, StageTimer } from '../runtime/handler-context.ts';
import { assertFiniteMap } from './anomaly-map.ts';

type Request = EngineRequests['scoreSet']['request'];

/** The second half of a method that compares images with each other: computes the anomaly maps of a set of features. */
export async function scoreSet(
  request: Request,
  context: HandlerContext,
): Promise<EngineRequests['scoreSet']['response']> {
  const timer = new StageTimer(context);
  const images = imagesOf(request.features);
  const compare = await prepare(request, timer);
  const maps = await timer.time('statistic', (execution) => compare(images, withIsa(execution, request)));
  const values = new Float32Array(images.length * images[0].height * images[0].width);
  maps.forEach((map, at) => {
    values.set(assertFiniteMap(map, `"${request.comparison}"`).values, at * map.values.length);
  });
  return { values, seconds: timer.seconds };
}

type Compare = (images: FeatureMap[], execution: Execution) => Promise<AnomalyMap[]>;

/** Computes what is needed from normal images. Returns the function that scores a set. */
async function prepare(request: Request, timer: StageTimer): Promise<Compare> {
  const { comparison, parameters } = request;
  switch (comparison) {
    case 'mutual': {
      const { neighborhoods, fraction } = comparisonParameters(comparison, parameters);
      const scales = { sides: neighborhoodSides(neighborhoods), layers: 1, fraction };
      return (images, execution) =>
        mutualScores(images, scales, [...images.keys()], defaultBackend, execution);
    }
    case 'nearest': {
      const memory = concatRows(normalImages(request).map((image) => unitRows(rowsOf(image))));
      return eachImage((image, execution) => nearestScores(image, memory, defaultBackend, execution));
    }
    case 'subspace': {
      const { variance } = comparisonParameters(comparison, parameters);
      const subspace = await timer.time('reference', async (execution) => {
        const sum = new CovarianceSum(request.features.channels);
        for (const image of normalImages(request))
          await sum.add(image, { ...execution, onProgress: () => {} });
        return buildSubspace(sum, variance, execution);
      });
      return eachImage((image, execution) => subspaceScores(image, subspace, defaultBackend, execution));
    }
    default:
      comparisonNamed(comparison);
      throw new PerchError('INVALID_ARGUMENT', `"${comparison}" does not compare features.`);
  }
}

/** Scores the images one after the other. */
function eachImage(score: (image: FeatureMap, execution: Execution) => Promise<AnomalyMap>): Compare {
  return async (images, execution) => {
    const maps: AnomalyMap[] = [];
    for (const image of images) {
      const onProgress = (fraction: number) =>
        execution.onProgress?.((maps.length + fraction) / images.length);
      maps.push(await score(image, { ...execution, onProgress }));
    }
    return maps;
  };
}

function normalImages({ normal, comparison, features }: Request): FeatureMap[] {
  if (normal === undefined) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `"${comparison}" compares with normal images, but none are given.`,
    );
  }
  if (normal.channels !== features.channels) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The normal features have ${normal.channels} channels, but the scored ones have ${features.channels}.`,
    );
  }
  return imagesOf(normal);
}

/** Views the images of a set. */
function imagesOf({ values, count, channels, height, width }: FeatureSet): FeatureMap[] {
  const size = channels * height * width;
  return Array.from({ length: count }, (_, at) => ({
    values: values.subarray(at * size, (at + 1) * size),
    channels,
    height,
    width,
  }));
}

const withIsa = (execution: Execution, { isa }: Request): Execution =>
  isa ? { ...execution, isa } : execution;
