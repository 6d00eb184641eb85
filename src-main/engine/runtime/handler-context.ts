import type { Provider, ProviderChoice, Stage } from '../../common/api/schemas.ts';
import type { GraphRunner } from '../../methods/extractors/extractor.ts';
import type { FeatureCache, ImageCache } from '../inspection/caches.ts';
import type { Progress, StageSeconds } from '../protocol/messages.ts';
import type { Mutex } from './mutex.ts';

/** What a task runs with: the engine's means, and the way to report and to be stopped. */
export interface HandlerContext {
  /** What runs graphs on the provider that was wished for, or on the CPU where that cannot be used. */
  runnerFor(choice: ProviderChoice): Promise<{ runner: GraphRunner; provider: Provider }>;
  imageCache: ImageCache;
  featureCache: FeatureCache;
  /** Inspections decode at any time, but compute one at a time. */
  computeMutex: Mutex;
  threads: number;
  signal: AbortSignal;
  report(progress: Progress): void;
}

/** Times the stages of one task, passes their progress on, and stops between them when the task is canceled. */
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
