import { rm } from 'node:fs/promises';
import type { Precision } from '../../models/networks/network.ts';
import { PerchError, reportOf } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { BackboneRecord } from '../../methods/extractors/backbone.ts';
import { type KnownBackbone, knownBackbones } from '../../methods/extractors/known-backbones.ts';
import { importModel } from './import-model.ts';
import { downloadCheckpoint } from './download-checkpoint.ts';

export interface FetchModelOptions {
  precision?: Precision | undefined;
  /** Folder to download from instead of the publisher's; the default is `PERCH_MODELS_MIRROR`. */
  mirror?: string | undefined;
  signal: AbortSignal;
  /** Receives the downloaded bytes and the total. */
  onProgress(done: number, total: number): void;
  /** Receives the step and its progress after the download. */
  onReading?: (what: string, done: number, total: number) => void;
}

/** The known backbone with this name. @throws PerchError `UNKNOWN_NAME` */
export function knownBackbone(name: string): KnownBackbone {
  const known = knownBackbones.find((candidate) => candidate.name === name);
  if (known) return known;
  const names = knownBackbones.map((candidate) => candidate.name).join(', ');
  throw new PerchError('UNKNOWN_NAME', `Perch has no checkpoint for "${name}". Choose one of: ${names}.`);
}

/**
 * Downloads a backbone's published checkpoint and imports it. Throws the errors of `downloadCheckpoint` and
 * `importModel`.
 */
export async function downloadModel(
  known: KnownBackbone,
  engine: EngineClient,
  { precision, mirror = process.env.PERCH_MODELS_MIRROR, signal, onProgress, onReading }: FetchModelOptions,
): Promise<BackboneRecord> {
  const address = mirror?.replace(/\/?$/, '/');
  const path = await downloadCheckpoint(known, { signal, address, onProgress });
  const request = { name: known.name, from: path, ...(precision ? { precision } : {}) };
  const options = { signal, ...(onReading ? { onProgress: onReading } : {}) };
  const record = await importModel(request, engine, options).catch(async (cause: unknown) => {
    // Without a checksum, only the import finds out that a proxy answered with something else.
    const isUnchecked = known.sha256Prefix === undefined;
    if (isUnchecked && reportOf(cause).code === 'CHECKPOINT_REFUSED') await rm(path, { force: true });
    throw cause;
  });
  await rm(path, { force: true });
  return record;
}
