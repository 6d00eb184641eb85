import type { AnyMethod } from '../../common/api/schemas.ts';

/** "gabor, fca, median, T 9, 256 px" */
export function formatMethod(method: AnyMethod): string {
  const size = method.resize ? [`${method.resize} px`] : [];
  if ('baseline' in method) return [method.baseline, ...size].join(', ');
  if ('network' in method) return [`network:${method.network}`, ...size].join(', ');
  if ('coresetRatio' in method) return [method.extractor, `bank ${method.coresetRatio}`, ...size].join(', ');
  const numbers = Object.entries(method.parameters ?? {}).map(([name, value]) => `${name} ${value}`);
  if ('memory' in method) return [method.extractor, method.memory, ...numbers, ...size].join(', ');
  if ('set' in method) return [method.extractor, method.set, ...numbers, ...size].join(', ');
  const { extractor, statistic, reference, patchSize, normal } = method;
  const source = normal ? `${reference} of normal images` : reference;
  return [extractor, statistic, source, `T ${patchSize}`, ...numbers, ...size].join(', ');
}
