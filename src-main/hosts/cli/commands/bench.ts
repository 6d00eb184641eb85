import { fork } from 'node:child_process';
import os from 'node:os';
import { Command } from 'commander';
import { programPath } from '../../../files/programs.ts';
import { childEnvironment } from '../../../platform/child-environment.ts';
import { type Measurement, NETWORK_ALONE } from '../bench/measure.ts';
import { measureMetricsCommand } from '../bench/metrics-command.ts';
import { missingPaths, speedUps } from '../bench/paths.ts';
import { measureInspections } from '../bench/pipeline.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatTable } from '../output/table.ts';

export function benchCommand(): Command {
  return new Command('bench')
    .description("Measure Perch's speed and peak memory use on this machine.")
    .summary("measure Perch's speed on this machine")
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Takes a few minutes. Measures, with all cores:
  statistic       median reference and FCA on 512 x 128 x 128 features, T = 9, by every code path of this CPU, by
                  WebAssembly, by the CUDA kernels if there is a GPU, and by the TypeScript definition; how many times faster than portable C++ (if it was
                  built) and than the definition is stated, too
  large patches   FCA and quantized FCA on 128 x 256 x 256 features, T = 25; the ratio is to the faster one
  mutual          mutual scoring of 10 images with 384 x 37 x 37 features, neighborhoods up to 5; natively and by
                  WebAssembly; the ratio is to the faster one
  extractor       gabor on 1024 x 1024 pixels
  inspect         images of that size from decoding to map, while the next one is decoded, with gabor and with
                  Wide ResNet-50 (random weights); the ratio is to that network alone
  image score     of a map of 256 x 256 with a minimum area that forces sorting all of it, the slowest case; natively,
                  by WebAssembly, and by the TypeScript definition; the ratio is to the fastest
  metrics         metrics of 20 maps, alone and in the command perch metrics
  pictures        heatmap, overlay and mask of an inspected image of 1024 x 1024 pixels
At the end it says which code paths of Perch this machine cannot run.

Examples:
  perch bench
  perch bench --json`,
    )
    .action(run);
}

/** Prefixes of names that measure the same work on different code paths. */
const COMPARED = ['statistic', 'large patches', 'mutual', 'image score'];

interface HardwareProfile {
  cpu: string;
  threads: number;
  node: string;
}

async function run({ json }: JsonOption): Promise<void> {
  const pipeline = await measureInspections((graph) => measureInChild('network', graph));
  const measurements: Measurement[] = [];
  const isNative = pipeline.isas.length > 1;
  const scores = isNative ? ['native-scores', 'wasm-scores'] : ['wasm-scores'];
  for (const item of [
    ...pipeline.isas,
    ...(pipeline.cuda.usable ? ['cuda'] : []),
    'fallback',
    'large-fca',
    'large-qfca',
    ...(isNative ? ['native-mutual'] : []),
    'wasm-mutual',
    ...scores,
    'fallback-scores',
    'gabor',
    'metrics',
    'pictures',
  ])
    measurements.push(await measureInChild(item));
  measurements.push(await measureMetricsCommand(), ...pipeline.measurements);
  const machine: HardwareProfile = {
    cpu: os.cpus()[0].model.trim(),
    threads: os.availableParallelism(),
    node: process.version,
  };
  const missing = missingPaths(pipeline.isas, pipeline.cuda);
  if (json) printJson({ machine, measurements, missing });
  else printTable(machine, measurements, missing);
}

/** Measures one item in a child process, so that its peak memory is its own. */
function measureInChild(item: string, ...details: string[]): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(programPath('benchWorker'), [item, ...details], {
      execArgv: [],
      env: childEnvironment(),
    });
    child.once('message', (measurement) => resolve(measurement as Measurement));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`the measurement of ${item} ended early (${signal ?? code})`)),
    );
  });
}

function printTable(
  machine: HardwareProfile,
  measurements: readonly Measurement[],
  missing: readonly string[],
): void {
  const fastest = (kind: string) =>
    Math.min(...measurements.filter(({ name }) => name.startsWith(kind)).map(({ median }) => median));
  const network = measurements.find(({ name }) => name === NETWORK_ALONE)?.median;
  const ratio = (measurement: Measurement) => {
    const kind = COMPARED.find((compared) => measurement.name.startsWith(compared));
    if (kind !== undefined) return measurement.median / fastest(kind);
    return network && measurement.name.includes('wide_resnet50') ? measurement.median / network : undefined;
  };
  const rows = measurements.map((measurement) => {
    const { name, median, minimum, runs, peakBytes } = measurement;
    return [
      name,
      milliseconds(median),
      milliseconds(minimum),
      runs,
      ratio(measurement)?.toFixed(2).concat(' x') ?? '',
      peakBytes === undefined ? '' : `${Math.round(peakBytes / 2 ** 20)} MiB`,
    ];
  });
  printLine(`${machine.cpu}, ${machine.threads} threads, Node ${machine.node}`);
  process.stdout.write(formatTable([['', 'median', 'minimum', 'runs', 'ratio', 'peak'], ...rows]));
  printLine();
  process.stdout.write(
    formatTable([['statistic', 'of portable C++', 'of the definition'], ...speedUps(measurements)]),
  );
  printLine();
  for (const need of missing) printLine(`Not measured: ${need}.`);
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}
