import { parseSpec, formatSpec } from '../../../src-main/common/api/component-spec.ts';
import type { ComponentOption, Method } from '../../../src-main/common/api/schemas.ts';

/** The name at the start of a title: "Gabor" in "Gabor: oriented-energy pyramid". */
export function shortTitle(title: string): string {
  return title.split(':')[0];
}

/** Formats a method: "gabor, fca, median, T 9, σp 6, 256 px". */
export function formatMethod({
  extractor,
  statistic,
  reference,
  patchSize,
  parameters = {},
  resize,
}: Method): string {
  const numbers = Object.entries(parameters).map(([name, value]) => `${symbolOf(name)} ${value}`);
  return [
    extractor,
    statistic,
    reference,
    `T ${patchSize}`,
    ...numbers,
    ...(resize ? [`${resize} px`] : []),
  ].join(', ');
}

/** A parameter's symbol in the paper: σp for `sigmaP`. */
export function symbolOf(name: string): string {
  return name.replace(/^sigma(.*)$/, (_, index: string) => `σ${index.toLowerCase()}`);
}

/** The component with its default numbers: `knn:400`. */
export function defaultSpec(members: readonly ComponentOption[], name: string): string {
  const member = members.find((candidate) => candidate.name === name);
  return member ? formatSpec(member, parseSpec(name, member)) : name;
}
