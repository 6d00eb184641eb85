import type { EvaluationEvent, Metrics } from '../../common/api/evaluation.ts';
import { DEFAULT_PRO_FPR_LIMIT } from '../../common/api/pro-limit.ts';
import { PerchError } from '../../common/api/errors.ts';
import { evaluationStep } from '../../common/maps/evaluation-step.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { decimateCurve } from '../../common/charts/decimate-curve.ts';
import type { Store } from '../../store/store.ts';
import { AsyncQueue } from '../async-queue.ts';
import { paperSystems } from '../reports/paper.ts';
import type { Services } from '../types.ts';
import { bootstrapClass } from './bootstrap-class.ts';
import { ClassEvaluator, type Evaluated } from './class-evaluator.ts';
import { resultScore } from '../../common/decisions/result-score.ts';
import { disagreement } from './disagreement.ts';
import { classHistogram, suggestThresholds } from './class-histogram.ts';
import { evaluationNotes } from './evaluation-notes.ts';
import { currentResults, inspectedImages, type ClassSamples, listClassSamples } from './class-samples.ts';
import { ReportBuilder } from './report-builder.ts';

type Service = Services['evaluation'];
type ClassRequest = Parameters<Service['curves']>[0];

/** Maximum number of points in a curve for a chart. */
const SHOWN_POINTS = 400;

/** Evaluates results against ground truth per class and caches the evaluations. */
export function openEvaluations(store: Store, engine: EngineClient): Service {
  const evaluator = new ClassEvaluator(store, engine);
  const borderOf = (dataset: number, ignoreBorder: number | undefined) =>
    ignoreBorder ?? store.datasets.get(dataset).ignoreBorder;

  function samplesOf({ dataset, method, textureClass }: ClassRequest): ClassSamples {
    const samples = listClassSamples(store, dataset, method).find(
      (each) => each.textureClass === textureClass,
    );
    if (samples) return samples;
    throw new PerchError('NOT_FOUND', `The dataset has no class "${textureClass}".`);
  }

  async function evaluateOne(one: ClassRequest, signal: AbortSignal) {
    const { dataset, method, ignoreBorder } = one;
    const samples = samplesOf(one);
    const settings = {
      dataset,
      method,
      ignoreBorder: borderOf(dataset, ignoreBorder),
      proFprLimit: DEFAULT_PRO_FPR_LIMIT,
    };
    return evaluator.evaluate(samples, settings, signal);
  }

  async function* table(
    { dataset, methods, ignoreBorder: asked, proFprLimit }: Parameters<Service['table']>[0],
    signal: AbortSignal,
  ): AsyncGenerator<EvaluationEvent, void, void> {
    const ignoreBorder = borderOf(dataset, asked);
    const cells = methods.flatMap((method) =>
      listClassSamples(store, dataset, method).map((samples) => ({ method, samples })),
    );
    for (const [at, { method, samples }] of cells.entries()) {
      const { textureClass } = samples;
      const events = new AsyncQueue<EvaluationEvent>();
      const settings = { dataset, method, ignoreBorder, proFprLimit };
      const evaluated = evaluator
        .evaluate(samples, settings, signal, (fraction) =>
          events.push({ type: 'progress', textureClass, method, fraction }),
        )
        .finally(() => events.end());
      evaluated.catch(() => {});
      yield* events;
      const metrics = complete(await evaluated, samples);
      yield { type: 'cell', cell: { textureClass, method, metrics }, done: at + 1, total: cells.length };
    }
  }

  const reports = new ReportBuilder(store, engine, evaluator, table);
  return {
    table,
    async curves(one, signal) {
      const evaluated = await evaluateOne(one, signal);
      if (!evaluated) throw nothingToEvaluate(one.textureClass);
      const { roc, pro, pr } = await evaluator.curvesOf(evaluated);
      return {
        roc: decimateCurve(roc, SHOWN_POINTS),
        pro: decimateCurve(pro, SHOWN_POINTS, DEFAULT_PRO_FPR_LIMIT),
        pr: decimateCurve(pr, SHOWN_POINTS),
      };
    },
    async histogram({ bins, ...one }, signal) {
      const ignoreBorder = borderOf(one.dataset, one.ignoreBorder);
      const images = inspectedImages(store, one.dataset, one.method).filter(
        ({ image }) => image.textureClass === one.textureClass,
      );
      const counts = await classHistogram(images, { ...one, ignoreBorder, bins }, { store, engine }, signal);
      const evaluated = await evaluateOne(one, signal);
      const thresholds = evaluated
        ? suggestThresholds(evaluated.metrics, (await evaluator.curvesOf(evaluated)).roc)
        : [];
      return { ...counts, suggestedThresholds: thresholds };
    },
    bootstrap({ resamples, seed, proFprLimit, ...one }, signal) {
      const { dataset, method } = one;
      const ignoreBorder = borderOf(dataset, one.ignoreBorder);
      const settings = { dataset, method, ignoreBorder, proFprLimit, resamples, seed };
      return bootstrapClass(samplesOf(one), settings, { store, engine, evaluator }, signal);
    },
    disagreement({ dataset, methods }) {
      const scores = methods.map((method) => currentResults(store, dataset, method));
      const images = store.images.listByDataset(dataset).filter(({ split }) => split === 'test');
      const classes = Map.groupBy(images, ({ textureClass }) => textureClass);
      const reported = [...classes.values()].flatMap((members) => {
        const byMethod = scores.map((results) => {
          const known = members.flatMap(({ id }) => results.get(id) ?? []);
          return new Map(known.map((result) => [result.image, resultScore(result)]));
        });
        return [...disagreement(byMethod)].map(([image, value]) => ({ image, disagreement: value }));
      });
      return { images: reported.sort((a, b) => b.disagreement - a.disagreement) };
    },
    report: ({ format, ...scope }, signal) => reports.make(format, scope, signal),
    paper({ dataset }) {
      const { layout } = store.datasets.get(dataset);
      return { systems: paperSystems({ layout, classes: store.datasets.countClasses(dataset) }) };
    },
  };
}

function complete(evaluated: Evaluated | undefined, samples: ClassSamples): Metrics {
  const { images, missing } = samples;
  const none = { auroc: null, auPro: null, averagePrecision: null, f1Max: null, f1MaxThreshold: null };
  const metrics = evaluated?.metrics ?? {
    ...none,
    imageAuroc: null,
    meanRegionOverlap: null,
    images: 0,
    anomalousImages: 0,
    imagesWithoutMask: 0,
    regions: 0,
  };
  // Imported maps have no timings.
  const times = images
    .map(({ result }) => Object.values(result.seconds))
    .filter((stages) => stages.length > 0)
    .map(sum);
  const inRegion = images.some(({ region }) => region !== null);
  const steps = images.map(({ result }) => evaluationStep(result)).filter((step) => step > 1);
  const sampled = steps.length > 0 ? { images: steps.length, step: Math.max(...steps) } : undefined;
  const notes = evaluationNotes(metrics, { ...samples, inRegion, ...(sampled && { sampled }) });
  return {
    ...metrics,
    missing,
    notes,
    secondsPerImage: times.length === 0 ? null : sum(times) / times.length,
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function nothingToEvaluate(textureClass: string): PerchError {
  return new PerchError(
    'NOT_FOUND',
    `No image of "${textureClass}" has both ground truth and a result of this method. Run the method, or annotate images.`,
  );
}
