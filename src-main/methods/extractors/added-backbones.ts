import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import { dataDirectory } from '../../files/data-dir.ts';
import { assertRegularFile } from '../../files/read.ts';
import { type Network, networkRecord } from '../networks/network-record.ts';
import { type Backbone, backboneExtractor, backboneRecord } from './backbone.ts';
import type { Extractor } from './extractor.ts';
import { knownBackbones } from './known-backbones.ts';
import { modelName } from './model-name.ts';

/** The folder of the imported models, backbones and networks. Each has a folder with `model.onnx` and `model.json`. */
export function backbonesFolder(): string {
  return join(dataDirectory(), 'models');
}

/** Names of the imported models in alphabetical order, including damaged ones. */
export function addedModelNames(): string[] {
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

/** A backbone, or a network that computes anomaly maps. */
export type ImportedModel = Backbone | Network;

/** Whether a model computes anomaly maps instead of features. */
export const isNetwork = (model: ImportedModel): model is Network => model.record.kind === 'map';

/**
 * The imported model of that name; undefined if there is none.
 *
 * @throws PerchError `MODEL_UNUSABLE` if its record is damaged
 */
export function addedModel(name: string): ImportedModel | undefined {
  if (!addedModelNames().includes(name)) return undefined;
  const folder = join(backbonesFolder(), name);
  const file = join(folder, 'model.json');
  try {
    assertRegularFile(file, statSync(file));
    const graph = join(folder, 'model.onnx');
    const model = modelFrom(upgradeRecord(JSON.parse(readFileSync(file, 'utf8'))), graph);
    if (model.record.name === name) return model;
  } catch (cause) {
    throw damaged(name, folder, cause);
  }
  throw damaged(name, folder);
}

function modelFrom(record: unknown, file: string): ImportedModel {
  const isMap = record !== null && typeof record === 'object' && 'kind' in record && record.kind === 'map';
  return isMap
    ? { record: networkRecord.parse(record), file }
    : { record: backboneRecord.parse(record), file };
}

/**
 * The imported backbone of that name; undefined if there is none.
 *
 * @throws PerchError `MODEL_UNUSABLE` if its record is damaged; `INVALID_ARGUMENT` if it computes anomaly maps
 */
export function addedBackbone(name: string): Backbone | undefined {
  const model = addedModel(name);
  if (!model || !isNetwork(model)) return model;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The model ${name} computes anomaly maps instead of features, so it is no extractor. Use it as the method network:${name}.`,
  );
}

/**
 * The imported network of that name, which computes anomaly maps.
 *
 * @throws PerchError `MODEL_MISSING`, `MODEL_UNUSABLE`; `INVALID_ARGUMENT` if it is a backbone
 */
export function networkNamed(name: string): Network {
  const model = addedModel(name);
  if (model && isNetwork(model)) return model;
  if (model) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The model ${name} computes features instead of anomaly maps. Use it as the extractor of a method.`,
    );
  }
  throw new PerchError('MODEL_MISSING', `The network ${name} has not been imported.`, undefined, {
    kind: 'import-network',
    model: name,
  });
}

/** The imported networks that compute anomaly maps, without damaged ones. */
export function addedNetworks(): Network[] {
  return usableModels().filter(isNetwork);
}

/** The added backbones as extractors, without damaged ones. */
export function addedExtractors(): Extractor[] {
  return usableModels().flatMap((model) => (isNetwork(model) ? [] : [backboneExtractor(model)]));
}

function usableModels(): ImportedModel[] {
  return readOrDefault(addedModelNames, []).flatMap(
    (name) => readOrDefault(() => addedModel(name), undefined) ?? [],
  );
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
    `The record of the model ${name} in ${folder} is damaged. Import the model again.`,
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
