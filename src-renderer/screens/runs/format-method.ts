import { parseSpec, formatSpec } from '../../../src-main/common/api/component-spec.ts';
import type { AnyMethod, ComponentOption } from '../../../src-main/common/api/schemas.ts';

/** The name at the start of a title: "Gabor" in "Gabor: oriented-energy pyramid". */
export function shortTitle(title: string): string {
  return title.split(':')[0];
}

/** Formats a method: "gabor, fca, median, T 9, σp 6, 256 px". */
export function formatMethod(method: AnyMethod): string {
  const size = method.resize ? [`${method.resize} px`] : [];
  return [...partsOf(method), ...size].join(', ');
}

function partsOf(method: AnyMethod): string[] {
  if ('baseline' in method) return [method.baseline];
  if ('network' in method) return [`network:${method.network}`];
  if ('coresetRatio' in method) return [method.extractor, `PatchCore ${method.coresetRatio}`];
  const numbers = Object.entries(method.parameters ?? {}).map(([name, value]) => `${labelOf(name)} ${value}`);
  if ('memory' in method) return [method.extractor, method.memory, ...numbers];
  if ('set' in method) return [method.extractor, method.set, ...numbers];
  const { extractor, statistic, reference, patchSize, normal } = method;
  return [
    extractor,
    statistic,
    normal ? `${reference} of normal images` : reference,
    `T ${patchSize}`,
    ...numbers,
  ];
}

/** A parameter's symbol in the paper, σp for `sigmaP`, or its words: coreset ratio for `coresetRatio`. */
export function labelOf(name: string): string {
  return name
    .replace(/^sigma(.*)$/, (_, index: string) => `σ${index.toLowerCase()}`)
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The component with its default numbers: `knn:400`. */
export function defaultSpec(members: readonly ComponentOption[], name: string): string {
  const member = members.find((candidate) => candidate.name === name);
  return member ? formatSpec(member, parseSpec(name, member)) : name;
}
