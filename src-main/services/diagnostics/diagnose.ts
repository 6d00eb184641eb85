import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import os from 'node:os';
import { reportOf } from '../../common/api/errors.ts';
import type { Diagnostic } from '../../common/api/settings.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { StatisticReport } from '../../engine/protocol/data-types.ts';
import { dataDirectory, dataDirectoryNotice } from '../../files/data-dir.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { addedModelNames } from '../../methods/extractors/added-backbones.ts';
import type { Isa } from '../../methods/types.ts';
import { memoryLimit } from '../../platform/memory.ts';
import { diagnoseStore, examineQueue } from './diagnose-store.ts';
import { describeModel } from '../models/describe-model.ts';
import { verifyModel } from '../models/verify-model.ts';

/**
 * Checks everything that Perch needs on this machine. The checks are independent, so that no fault hides
 * another.
 */
export async function* diagnose(engine: EngineClient, signal: AbortSignal): AsyncGenerator<Diagnostic> {
  yield {
    topic: 'machine',
    found: `${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} threads, ${memory()}`,
  };
  yield* examineEngine(engine, signal);
  yield await examineFolder(dataDirectory());
  yield* diagnoseStore(signal);
  yield await examineQueue();
  yield* examineModels(engine, signal);
}

function memory(): string {
  const gb = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const limit = memoryLimit();
  const limited = limit < os.totalmem() ? `, of which Perch may use ${gb(limit)}` : '';
  return `${gb(os.totalmem())} memory${limited}`;
}

async function* examineEngine(engine: EngineClient, signal: AbortSignal): AsyncGenerator<Diagnostic> {
  try {
    const { providers, statistic } = await engine.request('probeProviders', {}, { signal });
    for (const [topic, found] of Object.entries(engine.info?.versions ?? {})) yield { topic, found };
    const isas = engine.info?.isas ?? [];
    const [warning] = engine.info?.warnings ?? [];
    yield {
      topic: 'core',
      found: describeCodePaths(isas),
      ...(warning ? { problem: warning } : {}),
    };
    for (const { provider, usable, reason } of providers) {
      yield {
        topic: `provider ${provider}`,
        found: usable ? 'works' : 'cannot be used',
        ...(reason ? { problem: reason } : {}),
        optional: true,
      };
    }
    yield describeStatistic(statistic);
  } catch (thrown) {
    yield { topic: 'engine', found: 'does not work', ...problemOf(thrown) };
  }
}

export function describeStatistic({ usable, device, reason }: StatisticReport): Diagnostic {
  const found = usable ? `works on ${device}; compiled and emulated, not run on a GPU` : 'cannot be used';
  return { topic: 'CUDA kernels', found, ...(reason ? { problem: reason } : {}), optional: true };
}

export function describeCodePaths(isas: readonly Isa[]): string {
  const remarks = [
    ...(isas[0] === 'wasm' ? ['the native module was not built'] : []),
    ...(isas.includes('neon') ? ['neon was tested under emulation only'] : []),
  ];
  return [`code paths ${isas.join(', ')}`, ...remarks].join('; ');
}

async function examineFolder(folder: string): Promise<Diagnostic> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
    const unusual = dataDirectoryNotice();
    return { topic: 'data folder', found: folder, ...(unusual ? { problem: unusual, optional: true } : {}) };
  } catch {
    const problem =
      'Perch cannot write to it. Change its permissions, or set PERCH_HOME to a folder that you own.';
    return { topic: 'data folder', found: folder, problem };
  }
}

async function* examineModels(engine: EngineClient, signal: AbortSignal): AsyncGenerator<Diagnostic> {
  let names: string[];
  try {
    names = addedModelNames();
  } catch (thrown) {
    yield { topic: 'models', found: 'cannot be listed', ...problemOf(thrown) };
    return;
  }
  if (names.length === 0) yield { topic: 'models', found: 'none imported' };
  for (const name of names) {
    const topic = `model ${name}`;
    try {
      yield { topic, found: describeModel(await verifyModel(name, engine, signal)) };
    } catch (thrown) {
      yield { topic, found: 'cannot be used', ...problemOf(thrown) };
    }
  }
}

function problemOf(thrown: unknown): Pick<Diagnostic, 'problem' | 'hint'> {
  const { message, hint } = reportOf(thrown);
  return { problem: message, ...(hint && { hint }) };
}
