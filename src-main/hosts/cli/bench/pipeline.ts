import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { EngineClient } from '../../../engine/client/engine-client.ts';
import type { StatisticReport } from '../../../engine/protocol/data-types.ts';
import type { Isa } from '../../../methods/types.ts';
import { DEFAULT_MAX_PIXELS } from '../../../services/inspections/max-pixels.ts';
import { defaultMethod } from '../../../services/methods/method-options.ts';
import { importModel } from '../../../services/models/import-model.ts';
import { writeRandomBackbone } from './random-backbone.ts';
import { texturePng } from './inputs.ts';
import { measureThroughput, type Measurement } from './measure.ts';

const SIDE = 1024;

/**
 * Images that are inspected in turn. They exceed the engine's cache, so that each one is computed in full.
 */
const IMAGES = 4;

export interface PipelineMeasurements {
  /** This CPU's code paths, best first. */
  isas: readonly Isa[];
  /** Whether the CUDA kernels can be measured. */
  cuda: StatisticReport;
  measurements: Measurement[];
}

/**
 * Measures the steady throughput of inspections from decoding to map through the engine process, as in a run: the next image
 * is decoded at the same time. Uses the embedded extractor, then a backbone with random weights, whose network alone is measured
 * immediately before.
 *
 * @param measureNetwork measures the network of an ONNX file alone
 */
export async function measureInspections(
  measureNetwork: (graph: string) => Promise<Measurement>,
): Promise<PipelineMeasurements> {
  const folder = await mkdtemp(join(os.tmpdir(), 'perch-bench-'));
  // A separate data directory keeps the backbone out of the user's.
  process.env.PERCH_HOME = folder;
  const engine = new EngineClient();
  try {
    const paths = Array.from({ length: IMAGES }, (_, at) => join(folder, `texture-${at}.png`));
    for (const [at, path] of paths.entries()) await writeFile(path, await texturePng(SIDE, at));
    const graph = await writeRandomBackbone(folder);
    await importModel({ name: 'wide_resnet50', from: graph }, engine, {
      signal: new AbortController().signal,
    });

    const inspect = async (extractor: string): Promise<Measurement> => {
      const method = { ...defaultMethod, extractor };
      const request = { method, maxPixels: DEFAULT_MAX_PIXELS, provider: 'cpu' as const };
      const name = `inspect ${SIDE} x ${SIDE}, ${extractor}`;
      const work = (index: number) => engine.request('inspect', { ...request, path: paths[index % IMAGES] });
      const measured = await measureThroughput(name, work, { warmup: 2 * IMAGES, runs: 9, items: IMAGES });
      const peakBytes = await peakResident(engine.pid);
      return peakBytes === undefined ? measured : { ...measured, peakBytes };
    };
    const gabor = await inspect('gabor');
    const network = await measureNetwork(graph);
    const backbone = await inspect('wide_resnet50');
    const { statistic } = await engine.request('probeProviders', {});
    return { isas: engine.info?.isas ?? [], cuda: statistic, measurements: [gabor, network, backbone] };
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Another process's peak resident memory; Linux only. */
async function peakResident(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}
