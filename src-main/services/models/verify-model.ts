import { PerchError } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { addedModel } from '../../methods/extractors/added-backbones.ts';
import type { BackboneRecord } from '../../methods/extractors/backbone.ts';
import type { NetworkRecord } from '../../methods/networks/network-record.ts';
import type { EngineRequests } from '../../engine/protocol/messages.ts';
import { sha256Of } from '../../files/sha256.ts';
import { inModelProcess, probeLimits } from './model-process.ts';

/**
 * Verifies that an imported model matches its record: checks the checksum and runs the model on probe images.
 *
 * @throws PerchError `MODEL_UNUSABLE` with the difference; `NOT_FOUND`
 */
export async function verifyModel(
  name: string,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<BackboneRecord | NetworkRecord> {
  const model = addedModel(name);
  if (!model) throw new PerchError('NOT_FOUND', `There is no imported model "${name}".`);
  const { record, file } = model;
  const hint = { kind: 'reimport-model', model: name } as const;
  if ((await sha256Of(file)) !== record.sha256) {
    throw new PerchError(
      'MODEL_UNUSABLE',
      `${file} was changed or damaged: its checksum differs. Import the model again.`,
      undefined,
      hint,
    );
  }
  const limits = probeLimits(record.bytes);
  const task = { path: file, limits, code: 'MODEL_UNUSABLE' } as const;
  const difference =
    record.kind === 'map'
      ? await networkDifference(record, file, (request) =>
          inModelProcess(engine, { kind: 'probeNetwork', ...task, request }, { signal }),
        )
      : await backboneDifference(record, file, (request) =>
          inModelProcess(engine, { kind: 'probeModel', ...task, request }, { signal }),
        );
  if (difference === undefined) return record;
  throw new PerchError('MODEL_UNUSABLE', `${file} ${difference}. Import the model again.`, undefined, hint);
}

type Probe<Kind extends 'probeModel' | 'probeNetwork'> = (
  request: EngineRequests[Kind]['request'],
) => Promise<EngineRequests[Kind]['response']>;

async function backboneDifference(
  { preprocessing, ...record }: BackboneRecord,
  file: string,
  probe: Probe<'probeModel'>,
): Promise<string | undefined> {
  const { channels, stride } = await probe({ graph: { file, ...preprocessing } });
  if (channels === record.channels && stride === record.stride) return undefined;
  return `has ${channels} channels at stride ${stride}, not ${record.channels} at stride ${record.stride}`;
}

async function networkDifference(
  { input, normalization, size, mapOutput, scoreOutput }: NetworkRecord,
  file: string,
  probe: Probe<'probeNetwork'>,
): Promise<string | undefined> {
  const wanted = { map: mapOutput, score: scoreOutput ?? undefined };
  await probe({ file, graph: { input, normalization, size }, wanted });
  return undefined;
}
