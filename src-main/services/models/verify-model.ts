import { PerchError } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { addedBackbone } from '../../methods/extractors/added-backbones.ts';
import type { BackboneRecord } from '../../methods/extractors/backbone.ts';
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
): Promise<BackboneRecord> {
  const backbone = addedBackbone(name);
  if (!backbone) throw new PerchError('NOT_FOUND', `There is no imported model "${name}".`);
  const { record, file } = backbone;
  const hint = { kind: 'reimport-model', model: name } as const;
  if ((await sha256Of(file)) !== record.sha256) {
    throw new PerchError(
      'MODEL_UNUSABLE',
      `${file} was changed or damaged: its checksum differs. Import the model again.`,
      undefined,
      hint,
    );
  }
  const { channels, stride } = await inModelProcess(
    engine,
    {
      ...{ kind: 'probeModel', path: file, limits: probeLimits(record.bytes), code: 'MODEL_UNUSABLE' },
      request: { graph: { file, ...record.preprocessing } },
    },
    { signal },
  );
  if (channels !== record.channels || stride !== record.stride) {
    throw new PerchError(
      'MODEL_UNUSABLE',
      `${file} has ${channels} channels at stride ${stride}, not ${record.channels} at stride ${record.stride}. Import the model again.`,
      undefined,
      hint,
    );
  }
  return record;
}
