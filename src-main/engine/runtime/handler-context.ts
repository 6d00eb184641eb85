import type { Provider, ProviderChoice, Stage } from '../../common/api/schemas.ts';
import type { GraphRunner } from '../../methods/extractors/extractor.ts';
import type { LatestFeatures, LatestImages } from '../inspection/caches.ts';
import type { Progress, StageSeconds } from '../protocol/messages.ts';
import type { Turns } from './mutex.ts';

/** What a task runs with: the engine's means, and the way to report and to be stopped. */
export interface TaskContext {
  /** What runs graphs on the provider that was wished for, or on the CPU where that cannot be used. */
  graphsOn(choice: ProviderChoice): Promise<{ graphs: GraphRunner; provider: Provider }>;
  images: LatestImages;
  features: LatestFeatures;
  /** Inspections decode at any time, but compute one at a time. */
  turns: Turns;
  threads: number;
  signal: AbortSignal;
  report(progress: Progress): void;
}

/** Times the stages of one task, passes their progress on, and stops between them when the task is cancelled. */
export class StageClock {
  readonly seconds: StageSeconds = {};
  readonly context: TaskContext;

  constructor(context: TaskContext) {
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
