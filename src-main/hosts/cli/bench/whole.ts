import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { EngineClient } from '../../../engine/client.ts';
import type { Isa } from '../../../methods/types.ts';
import { DEFAULT_MAX_PIXELS } from '../../../services/inspections/limits.ts';
import { standardMethod } from '../../../services/method-choices.ts';
import { addModel } from '../../../services/models/add-model.ts';
import { writeRandomBackbone } from './backbone.ts';
import { texturePng } from './inputs.ts';
import { measure, type Measurement } from './measure.ts';

const SIDE = 1024;

export interface WholeInspections {
  /** Code paths of this CPU, best first. */
  isas: readonly Isa[];
  measurements: Measurement[];
}

/**
 * Measures whole inspections, decode to map, through the engine process, as every host has them done: with the embedded
 * extractor, and with a backbone of random weights. A backbone's network alone is measured right before.
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
    const path = join(folder, 'texture.png');
    await writeFile(path, await texturePng(SIDE));
    const graph = await writeRandomBackbone(folder);
    await addModel({ name: 'wide_resnet50', from: graph }, engine, new AbortController().signal);

    const inspect = async (extractor: string): Promise<Measurement> => {
      const method = { ...standardMethod, extractor };
      const request = { path, method, maxPixels: DEFAULT_MAX_PIXELS, provider: 'cpu' as const };
      const name = `inspect ${SIDE} x ${SIDE}, ${extractor}`;
      const measured = await measure(name, () => engine.run('inspect', request), { warmup: 2, runs: 9 });
      const peakBytes = await peakResident(engine.pid);
      return peakBytes === undefined ? measured : { ...measured, peakBytes };
    };
    const gabor = await inspect('gabor');
    const network = await bare(graph);
    const whole = await inspect('wide_resnet50');
    return { isas: engine.report?.isas ?? [], measurements: [gabor, network, whole] };
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
