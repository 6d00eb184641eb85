import type { AnyMethod } from '../../common/api/schemas.ts';

/** "gabor, fca, median, T 9, 256 px" */
export function formatMethod(method: AnyMethod): string {
  const size = method.resize ? [`${method.resize} px`] : [];
  if ('baseline' in method) return [method.baseline, ...size].join(', ');
  if ('coresetRatio' in method) return [method.extractor, `bank ${method.coresetRatio}`, ...size].join(', ');
  const { extractor, statistic, reference, patchSize, parameters = {} } = method;
  const numbers = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  return [extractor, statistic, reference, `T ${patchSize}`, ...numbers, ...size].join(', ');
}
