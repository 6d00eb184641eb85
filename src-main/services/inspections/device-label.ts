import type { Provider } from '../../common/api/schemas.ts';

const NAMES: Record<Provider, string> = {
  cuda: 'CUDA',
  directml: 'DirectML',
  coreml: 'Core ML',
  webgpu: 'WebGPU',
  cpu: 'CPU',
};

/**
 * What an inspection ran on, for people.
 *
 * @param provider what ran the extractor
 * @param statistic what ran the statistic, as the engine says of itself: "CPU, AVX-512, 2 threads"
 */
export function deviceLabel(provider: Provider, statistic: string): string {
  return provider === 'cpu' ? statistic : `extractor on ${NAMES[provider]}; ${statistic}`;
}
