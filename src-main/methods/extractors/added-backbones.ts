import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import { dataDirectory } from '../../files/data-dir.ts';
import { assertRegularFile } from '../../files/read.ts';
import { type Backbone, backboneExtractor, backboneRecord, modelName } from './backbone.ts';
import type { Extractor } from './extractor.ts';
import { knownBackbones } from './known-backbones.ts';

/** Where added backbones lie: a folder each, with `model.onnx` and `model.json`. */
export function backbonesFolder(): string {
  return join(dataDirectory(), 'models');
}

/** Names of the backbones that were added, in alphabetical order, whether they can be used or not. */
export function addedBackboneNames(): string[] {
  try {
    const names = readdirSync(backbonesFolder(), { withFileTypes: true });
    return names
      .filter((entry) => entry.isDirectory() && modelName.safeParse(entry.name).success)
      .map(({ name }) => name)
      .sort();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new PerchError('NOT_READABLE', `${backbonesFolder()} could not be read.`, cause);
  }
}

/**
 * The backbone of that name; undefined where none was added.
 *
 * @throws PerchError `MODEL_UNUSABLE` where its record is damaged
 */
export function addedBackbone(name: string): Backbone | undefined {
  if (!addedBackboneNames().includes(name)) return undefined;
  const folder = join(backbonesFolder(), name);
  const file = join(folder, 'model.json');
  try {
    assertRegularFile(file, statSync(file));
    const record = backboneRecord.parse(withLicense(JSON.parse(readFileSync(file, 'utf8'))));
    if (record.name === name) return { record, file: join(folder, 'model.onnx') };
  } catch (cause) {
    throw damaged(name, folder, cause);
  }
  throw damaged(name, folder);
}

/** Added backbones as extractors; those that cannot be read are left out. */
export function addedExtractors(): Extractor[] {
  return unlessUnusable(addedBackboneNames, []).flatMap((name) => {
    const backbone = unlessUnusable(() => addedBackbone(name), undefined);
    return backbone ? [backboneExtractor(backbone)] : [];
  });
}

/**
 * The added backbone of that name as an extractor; undefined where it is not one that Perch knows.
 *
 * @throws PerchError `MODEL_MISSING` where Perch knows it but it was not added; `MODEL_UNUSABLE`
 */
export function backboneExtractorNamed(name: string): Extractor | undefined {
  const backbone = addedBackbone(name);
  if (backbone) return backboneExtractor(backbone);
  const known = knownBackbones.find((candidate) => candidate.name === name);
  if (!known) return undefined;
  throw new PerchError('MODEL_MISSING', `The backbone ${name} has not been imported.`, undefined, {
    kind: 'get-model',
    model: name,
    file: known.file,
  });
}

function unlessUnusable<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof PerchError) return otherwise;
    throw cause;
  }
}

function damaged(name: string, folder: string, cause?: unknown): PerchError {
  return new PerchError(
    'MODEL_UNUSABLE',
    `The record of the backbone ${name} in ${folder} is damaged.`,
    cause,
    { kind: 'reimport-model', model: name },
  );
}

/** A record with the key `license`, which earlier versions wrote in British spelling. */
function withLicense(record: unknown): unknown {
  if (record === null || typeof record !== 'object' || !('licence' in record)) return record;
  const { licence: license, ...others } = record;
  return { ...others, license };
}
