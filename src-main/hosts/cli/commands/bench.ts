import { fork } from 'node:child_process';
import os from 'node:os';
import { Command } from 'commander';
import { programPath } from '../../../files/programs.ts';
import { childEnvironment } from '../../../platform/child-environment.ts';
import { type Measurement, NETWORK_ALONE } from '../bench/measure.ts';
import { measureMetricsCommand } from '../bench/metrics-command.ts';
import { measureInspections } from '../bench/pipeline.ts';

export function benchCommand(): Command {
  return new Command('bench')
    .description('measure this machine: medians, ratios within the run, peak memory')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Measures, with all cores: the statistic (median reference and FCA) on 512 x 128 x 128 features, T = 9, by every code path
of this CPU and by the plain TypeScript; the extractor gabor at 1024 x 1024 pixels; the steady pace of whole inspections
(decode to map) of a sequence of different images of that size with gabor and with Wide ResNet-50 (random weights), the
next image decoded while one is computed on; that network alone; and the metrics of 20 maps, alone and by the command perch
metrics. Ratios are to the fastest statistic, and of the
inspection to its network.

Examples:
  perch bench
  perch bench --json`,
    )
    .action(run);
}

async function run({ json }: { json?: boolean }): Promise<void> {
  const whole = await measureInspections((graph) => inOwnProcess('network', graph));
  const measurements: Measurement[] = [];
  for (const item of [...whole.isas, 'plain', 'gabor', 'metrics'])
    measurements.push(await inOwnProcess(item));
  measurements.push(await measureMetricsCommand());
  measurements.push(...whole.measurements);
  const machine = {
    cpu: os.cpus()[0].model.trim(),
    threads: os.availableParallelism(),
    node: process.version,
  };
  process.stdout.write(
    json ? `${JSON.stringify({ machine, measurements })}\n` : table(machine, measurements),
  );
}

function inOwnProcess(item: string, ...details: string[]): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(programPath('benchWorker'), [item, ...details], {
      execArgv: [],
      env: childEnvironment(),
    });
    child.once('message', (measurement) => resolve(measurement as Measurement));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`measuring ${item} ended early (${signal ?? code})`)),
    );
  });
}

function table(
  machine: { cpu: string; threads: number; node: string },
  measurements: readonly Measurement[],
): string {
  const fastest = Math.min(...measurements.filter(isStatistic).map(({ median }) => median));
  const network = measurements.find(({ name }) => name === NETWORK_ALONE)?.median;
  const ratio = (measurement: Measurement) => {
    if (isStatistic(measurement)) return measurement.median / fastest;
    return network && measurement.name.includes('wide_resnet50') ? measurement.median / network : undefined;
  };
  const rows = measurements.map((measurement) => {
    const { name, median, minimum, runs, peakBytes } = measurement;
    return [
      name.padEnd(46),
      milliseconds(median).padStart(12),
      milliseconds(minimum).padStart(12),
      String(runs).padStart(5),
      (ratio(measurement)?.toFixed(2).concat(' x') ?? '').padStart(10),
      (peakBytes === undefined ? '' : `${Math.round(peakBytes / 2 ** 20)} MiB`).padStart(10),
    ].join('');
  });
  const head = ['median'.padStart(58), 'minimum'.padStart(12), 'runs'.padStart(5), 'ratio'.padStart(10)];
  return [
    `${machine.cpu}, ${machine.threads} threads, Node ${machine.node}`,
    `${head.join('')}${'peak'.padStart(10)}`,
    ...rows,
    '',
  ].join('\n');
}

function isStatistic({ name }: Measurement): boolean {
  return name.startsWith('statistic');
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}
