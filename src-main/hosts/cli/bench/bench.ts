import { fork } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { EngineClient } from '../../../engine/client.ts';
import { DEFAULT_MAX_PIXELS } from '../../../services/inspections/limits.ts';
import { standardMethod } from '../../../services/method-choices.ts';
import { texturePng } from './inputs.ts';
import { measure, type Measurement } from './measure.ts';

export function benchCommand(): Command {
  return new Command('bench')
    .description('measure this machine: medians, ratios within the run, peak memory')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Measures, with all cores: the statistic (median reference and FCA) on 512 x 128 x 128 features, T = 9, by every code path
of this CPU and by the plain TypeScript; the extractor gabor and a whole inspection (decode to map) at 1024 x 1024 pixels.

Examples:
  perch bench
  perch bench --json`,
    )
    .action(run);
}

async function run({ json }: { json?: boolean }): Promise<void> {
  const engine = new EngineClient();
  try {
    const inspection = await inspectWhole(engine);
    const isas = engine.report?.isas ?? [];
    const measurements: Measurement[] = [];
    for (const item of [...isas, 'plain', 'gabor']) measurements.push(await inOwnProcess(item));
    measurements.push(inspection);
    const machine = {
      cpu: os.cpus()[0].model.trim(),
      threads: os.availableParallelism(),
      node: process.version,
    };
    process.stdout.write(
      json ? `${JSON.stringify({ machine, measurements })}\n` : table(machine, measurements),
    );
  } finally {
    await engine.close();
  }
}

/** Decode to map through the engine process, as every host has it done. */
async function inspectWhole(engine: EngineClient): Promise<Measurement> {
  const folder = await mkdtemp(join(os.tmpdir(), 'perch-bench-'));
  try {
    const path = join(folder, 'texture.png');
    await writeFile(path, await texturePng(1024));
    const request = { path, method: standardMethod, maxPixels: DEFAULT_MAX_PIXELS, provider: 'cpu' as const };
    const measured = await measure('inspect 1024 x 1024', () => engine.run('inspect', request), {
      warmup: 2,
      runs: 9,
    });
    const peakBytes = await peakResident(engine.pid);
    return peakBytes === undefined ? measured : { ...measured, peakBytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Peak resident memory of a whole process; only Linux tells. */
async function peakResident(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

function inOwnProcess(item: string): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [item], { execArgv: [] });
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
  const rows = measurements.map((measurement) => {
    const { name, median, minimum, runs, peakBytes } = measurement;
    return [
      name.padEnd(46),
      milliseconds(median).padStart(12),
      milliseconds(minimum).padStart(12),
      String(runs).padStart(5),
      (isStatistic(measurement) ? `${(median / fastest).toFixed(2)} x` : '').padStart(10),
      peakBytes === undefined ? '' : `${Math.round(peakBytes / 2 ** 20)} MiB`.padStart(10),
    ].join('');
  });
  const head = `${'median'.padStart(58)}${'minimum'.padStart(12)}${'runs'.padStart(5)}${'ratio'.padStart(10)}${'peak'.padStart(10)}`;
  return [`${machine.cpu}, ${machine.threads} threads, Node ${machine.node}`, head, ...rows, ''].join('\n');
}

function isStatistic({ name }: Measurement): boolean {
  return name.startsWith('statistic');
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}
