import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { encodeMask } from '../../../engine/masks/encode-mask.ts';
import { programPath } from '../../../files/programs.ts';
import { writeNpy } from '../../../common/maps/npy.ts';
import { noisyMap } from './inputs.ts';
import { measure, type Measurement } from './measure.ts';

const MAPS = 20;
const SIDE = 824;

/** Measures `perch metrics` from the start of its process to its end. */
export async function measureMetricsCommand(): Promise<Measurement> {
  const folder = await mkdtemp(join(os.tmpdir(), 'perch-bench-'));
  try {
    await Promise.all(['maps', 'masks'].map((below) => mkdir(join(folder, below))));
    const { scores, groundTruth } = noisyMap(SIDE);
    const { png } = await encodeMask({ values: groundTruth, width: SIDE, height: SIDE });
    for (let at = 0; at < MAPS; at++) {
      const values = scores.map((score) => score * (1 + at / 1000));
      await writeFile(join(folder, 'maps', `${at}.npy`), writeNpy({ shape: [SIDE, SIDE], values }));
      await writeFile(join(folder, 'masks', `${at}_mask.png`), png);
    }
    const args = ['metrics', '--maps', join(folder, 'maps'), '--masks', join(folder, 'masks')];
    const name = `perch metrics, ${MAPS} maps of ${SIDE} x ${SIDE}`;
    const command = () => promisify(execFile)(process.execPath, [programPath('commandLine'), ...args]);
    return await measure(name, command, { warmup: 1, runs: 9 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
