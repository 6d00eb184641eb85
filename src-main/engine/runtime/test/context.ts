import type { GraphRunner } from '../../../methods/extractors/extractor.ts';
import { LatestFeatures, LatestImages } from '../../inspection/caches.ts';
import type { TaskContext } from '../handler-context.ts';
import { Turns } from '../mutex.ts';

const noGraphs: GraphRunner = { run: () => Promise.reject(new Error('no graph is run')) };

/** What a task of the engine runs with, on one thread of the CPU. */
export function taskContext(given: Partial<TaskContext> & { graphs?: GraphRunner } = {}): TaskContext {
  const { graphs = noGraphs, ...context } = given;
  return {
    graphsOn: () => Promise.resolve({ graphs, provider: 'cpu' }),
    images: new LatestImages(),
    features: new LatestFeatures(),
    turns: new Turns(),
    threads: 1,
    signal: new AbortController().signal,
    report: () => {},
    ...context,
  };
}
