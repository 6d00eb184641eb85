import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { EngineClient } from '../../../engine/client/engine-client.ts';
import type { Isa } from '../../../methods/types.ts';
import { DEFAULT_MAX_PIXELS } from '../../../services/inspections/max-pixels.ts';
import { standardMethod } from '../../../services/methods/method-options.ts';
import { importModel } from '../../../services/models/import-model.ts';
import { writeRandomBackbone } from './random-backbone.ts';
import { texturePng } from './inputs.ts';
import { measurePace, type Measurement } from './measure.ts';

const SIDE = 1024;

/** Images that are inspected in turn: more than the engine keeps anything of, so that every one is done in full. */
const IMAGES = 4;

export interface WholeInspections {
  /** Code paths of this CPU, best first. */
  isas: readonly Isa[];
  measurements: Measurement[];
}

/**
 * Measures the steady pace of whole inspections, decode to map, through the engine process, as a run has them done: the next
 * image is decoded while one is computed on. With the embedded extractor, and with a backbone of random weights, whose
 * network alone is measured right before.
 *
 * @param bare measures the network of an ONNX file alone
 */
export async function measureInspections(
  bare: (graph: string) => Promise<Measurement>,
): Promise<WholeInspections> {
  const folder = await mkdtemp(join(os.tmpdir(), 'perch-bench-'));
  // The backbone is added to a store of its own, not to the user's.
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
      const method = { ...standardMethod, extractor };
      const request = { method, maxPixels: DEFAULT_MAX_PIXELS, provider: 'cpu' as const };
      const name = `inspect ${SIDE} x ${SIDE}, ${extractor}, pace`;
      const work = (at: number) => engine.request('inspect', { ...request, path: paths[at % IMAGES] });
      const measured = await measurePace(name, work, { warmup: 2, runs: 9 });
      const peakBytes = await peakResident(engine.pid);
      return peakBytes === undefined ? measured : { ...measured, peakBytes };
    };
    const gabor = await inspect('gabor');
    const network = await bare(graph);
    const whole = await inspect('wide_resnet50');
    return { isas: engine.info?.isas ?? [], measurements: [gabor, network, whole] };
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Peak resident memory of a whole process; only Linux tells. */
async function peakResident(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}
