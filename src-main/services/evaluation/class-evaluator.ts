import type { Curves } from '../../common/api/evaluation.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { ClassMetrics } from '../../metrics/metric-accumulator.ts';
import { imageLabelOf } from '../datasets/image-label.ts';
import type { Store } from '../../store/store.ts';
import { evaluationKey } from './cache-key.ts';
import { type ClassSamples, type EvaluationSample, ownScore } from './class-samples.ts';
import { storeEvaluation } from './store-evaluation.ts';
import type { LabeledMapFile } from '../../engine/protocol/data-types.ts';

/** The evaluation of a class by a method. */
export interface Evaluated {
  metrics: ClassMetrics;
  /** Blob of the curves. */
  curves: string;
}

/** The settings of an evaluation. */
export interface Settings {
  dataset: number;
  method: number;
  ignoreBorder: number;
  proFprLimit: number;
}

/** Computes the metrics of a class in the engine, and caches them by a hash of maps, ground truth and settings. */
export class ClassEvaluator {
  readonly #store: Store;
  readonly #engine: EngineClient;

  constructor(store: Store, engine: EngineClient) {
    this.#store = store;
    this.#engine = engine;
  }

  /**
   * @returns undefined if no image of the class can be evaluated
   * @throws PerchError `INVALID_ARGUMENT` if the border covers a whole image, and the engine's errors
   */
  async evaluate(
    { textureClass, images }: ClassSamples,
    { dataset, method, ignoreBorder, proFprLimit }: Settings,
    signal: AbortSignal,
    onProgress: (fraction: number) => void = () => {},
  ): Promise<Evaluated | undefined> {
    if (images.length === 0) return undefined;
    const key = evaluationKey(images, { ignoreBorder, proFprLimit });
    const known = this.#store.evaluations.find(key);
    if (known?.curves) return { metrics: JSON.parse(known.outcome) as ClassMetrics, curves: known.curves };
    const request = {
      images: images.map((sample) => mapFile(sample, this.#store)),
      ignoreBorder,
      proFprLimit,
    };
    const computed = await this.#engine.request('evaluateClass', request, {
      signal,
      onProgress: ({ fraction }) => onProgress(fraction),
    });
    const curves = await this.#store.blobs.put(Buffer.from(JSON.stringify(computed.curves)));
    const outcome = JSON.stringify(computed.metrics);
    storeEvaluation(this.#store, { key, dataset, method, textureClass, outcome, curves });
    return { metrics: computed.metrics, curves };
  }

  async curvesOf({ curves }: Evaluated): Promise<Curves> {
    return JSON.parse((await this.#store.blobs.read(curves)).toString('utf8')) as Curves;
  }
}

/** The files of a map and its ground truth, for the engine. */
export function mapFile(sample: EvaluationSample, { blobs }: Store): LabeledMapFile {
  const { image, result, region } = sample;
  const { map, width, height, extentWidth, extentHeight } = result;
  const placement = { map: blobs.pathOf(map), width, height, extentWidth, extentHeight, region };
  const mask = image.mask === null ? undefined : blobs.pathOf(image.mask);
  const isDefective = imageLabelOf(image) === 'defective';
  return { ...placement, mask, isDefective, imageScore: ownScore(sample) };
}
