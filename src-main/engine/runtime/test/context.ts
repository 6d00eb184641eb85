import type { GraphRunner } from '../../../methods/extractors/extractor.ts';
import { FeatureCache, ImageCache } from '../../inspection/caches.ts';
import type { HandlerContext } from '../handler-context.ts';
import { Mutex } from '../mutex.ts';

const noRunner: GraphRunner = { run: () => Promise.reject(new Error('no graph is run')) };

/** What a task of the engine runs with, on one thread of the CPU. */
export function handlerContext(
  given: Partial<HandlerContext> & { runner?: GraphRunner } = {},
): HandlerContext {
  const { runner = noRunner, ...context } = given;
  return {
    runnerFor: () => Promise.resolve({ runner, provider: 'cpu' }),
    imageCache: new ImageCache(),
    featureCache: new FeatureCache(),
    computeMutex: new Mutex(),
    threads: 1,
    signal: new AbortController().signal,
    report: () => {},
    ...context,
  };
}
