import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { writeError, writeFileAtomic } from '../../files/write.ts';
import { addedModelNames, backbonesFolder } from '../../methods/extractors/added-backbones.ts';
import { backboneRecord } from '../../methods/extractors/backbone.ts';
import { modelName } from '../../methods/extractors/model-name.ts';
import type { BackboneRecord } from '../../methods/extractors/backbone.ts';
import { type NetworkRecord, networkRecord } from '../../methods/networks/network-record.ts';
import { extractors } from '../../methods/registry.ts';

/** Prefix of folders of models that are being imported or removed; no model name starts with it. */
const PASSING = '.passing-';
/** Older folders remain from a killed Perch. */
const PASSING_MS = 24 * 3600 * 1000;

/**
 * A name for an imported model.
 *
 * @throws PerchError `INVALID_ARGUMENT` if it contains other characters or is a built-in extractor
 */
export function checkedName(name: string): string {
  if (!modelName.safeParse(name).success) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `"${name}" cannot be the name of a model. Use up to 64 letters, digits, - and _, and start with a letter or digit.`,
    );
  }
  if (extractors.some((extractor) => extractor.name === name)) {
    throw new PerchError('INVALID_ARGUMENT', `"${name}" is a built-in extractor. Use another name.`);
  }
  return name;
}

/** A model that is being imported: its graph is in the model folder, but not yet under its name. */
export class IncomingModel implements AsyncDisposable {
  /** Absolute path of its ONNX file. */
  readonly file: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.file = join(folder, 'model.onnx');
  }

  /**
   * Creates the folder for a graph, which is to be written to `file`.
   *
   * @throws PerchError `NOT_WRITABLE`, `DISK_FULL`
   */
  static async begin(): Promise<IncomingModel> {
    await removeLeftovers();
    const folder = passingFolder();
    await mkdir(folder).catch((cause: unknown) => {
      throw writeError(folder, cause);
    });
    return new IncomingModel(folder);
  }

  /**
   * Moves the model into the store, replacing a model of the same name.
   *
   * @throws PerchError `NOT_WRITABLE`, `DISK_FULL`
   */
  async keep(record: BackboneRecord | NetworkRecord): Promise<void> {
    const checked = record.kind === 'map' ? networkRecord.parse(record) : backboneRecord.parse(record);
    const text = `${JSON.stringify(checked, null, 2)}\n`;
    await writeFileAtomic(join(this.#folder, 'model.json'), Buffer.from(text));
    await moveAway(record.name);
    const folder = join(backbonesFolder(), record.name);
    await rename(this.#folder, folder).catch((cause: unknown) => {
      throw writeError(folder, cause);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** @throws PerchError `NOT_FOUND` if no model has the name; `NOT_WRITABLE` */
export async function removeModel(name: string): Promise<void> {
  if (!addedModelNames().includes(name)) {
    const names = addedModelNames();
    const known = names.length > 0 ? `Imported models: ${names.join(', ')}.` : 'No model has been imported.';
    throw new PerchError('NOT_FOUND', `There is no imported model "${name}". ${known}`);
  }
  await moveAway(name);
}

/** Removes a model from the store. It disappears at once; its files are deleted afterwards. */
async function moveAway(name: string): Promise<void> {
  const [folder, aside] = [join(backbonesFolder(), name), passingFolder()];
  try {
    await rename(folder, aside);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw writeError(folder, cause);
  }
  await rm(aside, { recursive: true, force: true });
}

async function removeLeftovers(): Promise<void> {
  const folder = backbonesFolder();
  try {
    await makeFolder(folder);
    for (const name of await readdir(folder)) {
      if (!name.startsWith(PASSING)) continue;
      const path = join(folder, name);
      if (Date.now() - (await stat(path)).mtimeMs > PASSING_MS) await rm(path, { recursive: true });
    }
  } catch (cause) {
    throw writeError(folder, cause);
  }
}

function passingFolder(): string {
  return join(backbonesFolder(), PASSING + randomUUID());
}
