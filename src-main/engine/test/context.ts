import type { GraphRunner } from '../../methods/extractors/extractor.ts';
import { LatestFeatures, LatestImages } from '../latest.ts';
import type { TaskContext } from '../task.ts';
import { Turns } from '../turns.ts';

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
