import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Size } from '../../../common/geometry.ts';
import type { AnomalyMap } from '../../../common/maps/anomaly-map.ts';
import { makeFolder } from '../../../files/make-folder.ts';
import { writeError, writeFileAtomic } from '../../../files/write.ts';
import { pasteFeatures } from '../../../methods/crop-features.ts';
import type { ScoreStore } from './inspect-blocks.ts';
import { readMeasures, writeMeasures } from './measures-file.ts';
import type { ImageMeasures } from './measure-image.ts';
import type { Block } from './plan.ts';

/** A map that was not completed is removed after this time. */
const KEPT_MS = 14 * 24 * 3600 * 1000;
/** Increases when the scores or the files of partial maps change. */
const VERSION = 1;

/** The scores of an image on disk, block by block, so that an inspection that was cut off resumes. */
export interface PartialMap extends ScoreStore {
  /** The complete map. Removes the files. */
  take(): Promise<AnomalyMap>;
  close(): Promise<void>;
}

/**
 * Opens the scores of an inspection. What an earlier process completed of it is not computed again. If another process works on the
 * same inspection, this one has files of its own.
 *
 * Files: `measures.json`; `scores`, float32, the blocks one after the other; `owner`, the process that works on it.
 *
 * @param inputs everything that the scores depend on
 * @throws PerchError `NOT_WRITABLE`, `DISK_FULL`
 */
export async function openPartialMap(
  folder: string,
  inputs: unknown,
  size: Size,
  blocks: readonly Block[],
): Promise<PartialMap> {
  await removeOld(folder);
  const plan = blocks.map(({ inner }) => inner);
  const key = createHash('sha256')
    .update(JSON.stringify([VERSION, inputs, size, plan]))
    .digest('hex');
  const own = join(folder, key);
  const path = (await claim(own)) ? own : `${own}-${randomUUID().slice(0, 8)}`;
  try {
    await makeFolder(path);
    const measures = await readMeasures(join(path, 'measures.json'));
    const file = await open(join(path, 'scores'), measures ? 'a+' : 'w+');
    const done = await completeBlocks(file, plan);
    return new ScoreFile({ path, file, size, plan }, done, measures);
  } catch (cause) {
    throw writeError(path, cause);
  }
}

class ScoreFile implements PartialMap {
  done: number;
  readonly measures: ImageMeasures | undefined;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #size: Size;
  readonly #plan: readonly Block['inner'][];

  constructor(
    {
      path,
      file,
      size,
      plan,
    }: { path: string; file: FileHandle; size: Size; plan: readonly Block['inner'][] },
    done: number,
    measures: ImageMeasures | undefined,
  ) {
    this.#path = path;
    this.#file = file;
    this.#size = size;
    this.#plan = plan;
    this.done = done;
    this.measures = measures;
  }

  async begin(measures: ImageMeasures): Promise<void> {
    await writeMeasures(join(this.#path, 'measures.json'), measures);
  }

  async write(_: Block['inner'], scores: Float32Array): Promise<void> {
    try {
      const bytes = new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength);
      await this.#file.appendFile(bytes);
    } catch (cause) {
      throw writeError(this.#path, cause);
    }
    this.done++;
  }

  async take(): Promise<AnomalyMap> {
    const { width, height } = this.#size;
    const map = { values: new Float32Array(width * height), width, height };
    let position = 0;
    for (const inner of this.#plan) {
      const values = new Float32Array(inner.width * inner.height);
      await this.#file.read(new Uint8Array(values.buffer), { position });
      position += values.byteLength;
      pasteFeatures({ ...map, channels: 1 }, { ...inner, values, channels: 1 }, inner);
    }
    await this.close();
    await rm(this.#path, { recursive: true, force: true });
    return map;
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(join(this.#path, 'owner'), { force: true }).catch(() => {});
  }
}

/** The number of complete blocks. Cuts off an incomplete one. */
async function completeBlocks(file: FileHandle, plan: readonly Block['inner'][]): Promise<number> {
  const { size } = await file.stat();
  let [done, bytes] = [0, 0];
  for (const { width, height } of plan) {
    if (bytes + 4 * width * height > size) break;
    bytes += 4 * width * height;
    done++;
  }
  if (bytes < size) await file.truncate(bytes);
  return done;
}

/** Whether this process may use a folder: it is new, or its owner has ended. */
async function claim(path: string): Promise<boolean> {
  const owner = join(path, 'owner');
  const pid = Number(await readFile(owner, 'utf8').catch(() => ''));
  if (pid > 0 && pid !== process.pid && isRunning(pid)) return false;
  await writeFileAtomic(owner, new TextEncoder().encode(String(process.pid)));
  return true;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [] as string[])) {
    const path = join(folder, name);
    const used = await stat(join(path, 'scores')).catch(() => stat(path).catch(() => undefined));
    if (used && Date.now() - used.mtimeMs > KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}
