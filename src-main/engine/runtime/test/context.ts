import type { ModelRunner } from '../../../methods/extractors/extractor.ts';
import { onCpu } from '../../inference/statistic-devices.ts';
import { FeatureCache } from '../../inspection/feature-cache.ts';
import { ImageCache } from '../../inspection/image-cache.ts';
import type { HandlerContext } from '../handler-context.ts';
import { Mutex } from '../mutex.ts';

const refuse = () => Promise.reject(new Error('This test runs no model.'));
const failingRunner: ModelRunner = { run: refuse, runOutputs: refuse };

/** A context for handlers under test: one thread, the CPU, empty caches. */
export function handlerContext(
  overrides: Partial<HandlerContext> & { runner?: ModelRunner } = {},
): HandlerContext {
  const { runner = failingRunner, ...context } = overrides;
  return {
    runnerFor: () => Promise.resolve({ runner, provider: 'cpu' }),
    statisticDeviceFor: () => Promise.resolve(onCpu),
    imageCache: new ImageCache(),
    featureCache: new FeatureCache(),
    computeMutex: new Mutex(),
    threads: 1,
    signal: new AbortController().signal,
    report: () => {},
    sendPart: () => {},
    ...context,
  };
}
