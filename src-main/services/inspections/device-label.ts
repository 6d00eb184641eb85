import type { Provider } from '../../common/api/schemas.ts';

const NAMES: Record<Provider, string> = {
  cuda: 'CUDA',
  directml: 'DirectML',
  coreml: 'Core ML',
  webgpu: 'WebGPU',
  cpu: 'CPU',
};

/**
 * A readable label of the devices that an inspection ran on.
 *
 * @param provider the extractor's provider
 * @param statistic the statistic's device, as the engine describes it: "CPU, AVX-512, 2 threads"
 */
export function deviceLabel(provider: Provider, statistic: string): string {
  return provider === 'cpu' ? statistic : `extractor on ${NAMES[provider]}; ${statistic}`;
}
