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
 * @param ran the extractor's provider, and what ran where of the statistic if it was not only the CPU
 * @param cpu the CPU, as the engine describes it: "CPU, AVX-512, 2 threads"
 */
export function deviceLabel(
  ran: { provider: Provider; statisticDevice?: string | undefined },
  cpu: string,
): string {
  const { provider, statisticDevice: statistic = cpu } = ran;
  if (provider !== 'cpu') return `extractor on ${NAMES[provider]}; ${statistic}`;
  return statistic.startsWith(cpu) ? statistic : `extractor on ${cpu}; ${statistic}`;
}

/** Whether the statistic of a labeled inspection ran on a CUDA device. */
export function isStatisticOnCuda(label: string): boolean {
  return /; (?!reference on )[^;]+ \(CUDA\)$/.test(label);
}
