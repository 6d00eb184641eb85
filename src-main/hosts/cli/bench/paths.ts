import type { StatisticReport } from '../../../engine/protocol/data-types.ts';
import type { Isa } from '../../../methods/types.ts';
import type { Measurement } from './measure.ts';

const NEEDS: Partial<Record<Isa, string>> = {
  avx512: 'AVX-512 needs an x86-64 CPU with AVX-512 VBMI and VNNI',
  avx2: 'AVX2 needs an x86-64 CPU with AVX2',
  neon: 'NEON needs a 64-bit Arm CPU; it was tested under emulation',
};

/** The code paths that this machine cannot run, and what they need. */
export function missingPaths(isas: readonly Isa[], cuda: StatisticReport): string[] {
  const lacking = Object.entries(NEEDS).filter(([isa]) => !isas.includes(isa as Isa));
  const onCpu = isas.includes('portable')
    ? lacking.map(([, need]) => need)
    : ['the native module was not built, so only WebAssembly runs here'];
  if (cuda.usable) return onCpu;
  const reason = cuda.reason ?? 'They cannot be used.';
  return [
    ...onCpu,
    `the CUDA kernels, which were compiled and emulated, not run on a GPU. ${reason.replace(/\.$/, '')}`,
  ];
}

/** For each code path, how many times faster it computes the statistic than portable C++ and than the definition. */
export function speedUps(measurements: readonly Measurement[]): string[][] {
  const prefix = 'statistic, ';
  const paths = measurements.filter(({ name }) => name.startsWith(prefix));
  const timeOf = (path: string) => paths.find(({ name }) => name.startsWith(prefix + path))?.median;
  const [portable, definition] = ['portable', 'fallback'].map(timeOf);
  const times = (of: number | undefined, median: number) =>
    of === undefined ? '-' : `${(of / median).toPrecision(3)} x`;
  return paths.map(({ name, median }) => [
    name.slice(prefix.length),
    times(portable, median),
    times(definition, median),
  ]);
}
