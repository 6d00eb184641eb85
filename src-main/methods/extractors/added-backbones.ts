import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import { dataDirectory } from '../../files/data-dir.ts';
import { assertRegularFile } from '../../files/read.ts';
import { type Backbone, backboneExtractor, backboneRecord, modelName } from './backbone.ts';
import type { Extractor } from './extractor.ts';
import { knownBackbones } from './known-backbones.ts';

/** The folder of the added backbones. Each has a folder with `model.onnx` and `model.json`. */
export function backbonesFolder(): string {
  return join(dataDirectory(), 'models');
}

/** Names of the added backbones in alphabetical order, including damaged ones. */
export function addedBackboneNames(): string[] {
  try {
    const names = readdirSync(backbonesFolder(), { withFileTypes: true });
    return names
      .filter((entry) => entry.isDirectory() && modelName.safeParse(entry.name).success)
      .map(({ name }) => name)
      .sort();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new PerchError('NOT_READABLE', `Cannot read ${backbonesFolder()}. Check its permissions.`, cause);
  }
}

/**
 * The added backbone of that name; undefined if there is none.
 *
 * @throws PerchError `MODEL_UNUSABLE` if its record is damaged
 */
export function addedBackbone(name: string): Backbone | undefined {
  if (!addedBackboneNames().includes(name)) return undefined;
  const folder = join(backbonesFolder(), name);
  const file = join(folder, 'model.json');
  try {
    assertRegularFile(file, statSync(file));
    const record = backboneRecord.parse(upgradeRecord(JSON.parse(readFileSync(file, 'utf8'))));
    if (record.name === name) return { record, file: join(folder, 'model.onnx') };
  } catch (cause) {
    throw damaged(name, folder, cause);
  }
  throw damaged(name, folder);
}

/** The added backbones as extractors, without damaged ones. */
export function addedExtractors(): Extractor[] {
  return readOrDefault(addedBackboneNames, []).flatMap((name) => {
    const backbone = readOrDefault(() => addedBackbone(name), undefined);
    return backbone ? [backboneExtractor(backbone)] : [];
  });
}

/**
 * The added backbone of that name as an extractor; undefined for unknown names.
 *
 * @throws PerchError `MODEL_MISSING` if it is a known backbone that has not been added; `MODEL_UNUSABLE`
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

function readOrDefault<Value>(read: () => Value, fallback: Value): Value {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof PerchError) return fallback;
    throw cause;
  }
}

function damaged(name: string, folder: string, cause?: unknown): PerchError {
  return new PerchError(
    'MODEL_UNUSABLE',
    `The record of the backbone ${name} in ${folder} is damaged. Import the model again.`,
    cause,
    { kind: 'reimport-model', model: name },
  );
}

/** Keys in British spelling that an earlier version wrote. */
const RENAMED_KEYS: readonly [pattern: RegExp, key: string][] = [
  [/^licen.e$/, 'license'],
  [/^normali.ation$/, 'normalization'],
];

/** A record with the current keys. */
function upgradeRecord(record: unknown): unknown {
  if (record === null || typeof record !== 'object' || Array.isArray(record)) return record;
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => {
      const renamed = RENAMED_KEYS.find(([pattern]) => pattern.test(key))?.[1];
      return [renamed ?? key, key === 'preprocessing' ? upgradeRecord(value) : value];
    }),
  );
}
