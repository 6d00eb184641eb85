import type { Provider, ProviderChoice, Stage } from '../../common/api/schemas.ts';
import type { ModelRunner } from '../../methods/extractors/extractor.ts';
import type { StatisticDevice } from '../inference/statistic-devices.ts';
import type { FeatureCache } from '../inspection/feature-cache.ts';
import type { ImageCache } from '../inspection/image-cache.ts';
import type { Progress, ResponsePart } from '../protocol/messages.ts';
import type { StageSeconds } from '../protocol/data-types.ts';
import type { Mutex } from './mutex.ts';

/** The objects that a request handler can use. */
export interface HandlerContext {
  /** Runs models on the chosen provider, or on the CPU if that provider cannot be used. */
  runnerFor(choice: ProviderChoice): Promise<{ runner: ModelRunner; provider: Provider }>;
  /** The device of references and statistics: a GPU, or the CPU. */
  statisticDeviceFor(choice: ProviderChoice): Promise<StatisticDevice>;
  imageCache: ImageCache;
  featureCache: FeatureCache;
  /** Held while an inspection computes. Decoding does not need it. */
  computeMutex: Mutex;
  threads: number;
  /** Aborts when the request is canceled. */
  signal: AbortSignal;
  report(progress: Progress): void;
  /** Sends a part of the response. */
  sendPart(part: ResponsePart): void;
}

/**
 * Measures the stages of one request, reports their progress, and throws between stages if the request is
 * canceled.
 */
export class StageTimer {
  readonly seconds: StageSeconds = {};
  readonly context: HandlerContext;

  constructor(context: HandlerContext) {
    this.context = context;
  }

  async time<Result>(
    stage: Stage,
    work: (execution: {
      threads: number;
      signal: AbortSignal;
      onProgress: (fraction: number) => void;
    }) => Promise<Result>,
  ): Promise<Result> {
    const { threads, signal, report } = this.context;
    signal.throwIfAborted();
    report({ stage, fraction: 0 });
    const start = performance.now();
    const result = await work({ threads, signal, onProgress: (fraction) => report({ stage, fraction }) });
    this.seconds[stage] = (performance.now() - start) / 1000;
    return result;
  }
}
