import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseName } from '../../common/api/component-spec.ts';
import { type AnyMethod, provider, type ProviderChoice } from '../../common/api/schemas.ts';
import { canonicalJson } from '../../common/canonical-json.ts';
import { addedModel } from '../../methods/extractors/added-backbones.ts';
import { modelName } from '../../methods/extractors/model-name.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** An imported model: its graph by content, and its record. */
export const requiredModel = z.object({
  name: modelName,
  sha256,
  bytes: z.int().min(1),
  /** `model.json`, as text. */
  record: z.string().max(1_000_000),
});
export type RequiredModel = z.infer<typeof requiredModel>;

/** What a worker must have to take the tasks of a queue. */
export const requirement = z.object({
  /** Both sides run the same version, so that results do not depend on who computes them. */
  version: z.string(),
  /** The execution provider; null if any one will do. */
  provider: provider.nullable(),
  model: requiredModel.nullable(),
});
export type Requirement = z.infer<typeof requirement>;

/** @throws PerchError `MODEL_MISSING`, `MODEL_UNUSABLE` */
export function requirementOf(method: AnyMethod, choice: ProviderChoice, version: string): Requirement {
  return {
    version,
    provider: choice === 'auto' || choice === 'cpu' ? null : choice,
    model: requiredModelOf(method) ?? null,
  };
}

/** The imported model that a method uses; undefined if it uses none. @throws PerchError `MODEL_UNUSABLE` */
function requiredModelOf(method: AnyMethod): RequiredModel | undefined {
  const name =
    'network' in method ? method.network : 'extractor' in method ? parseName(method.extractor) : undefined;
  const model = name === undefined ? undefined : addedModel(name);
  if (!model) return undefined;
  const { record } = model;
  return { name: record.name, sha256: record.sha256, bytes: record.bytes, record: JSON.stringify(record) };
}

/** The queue of the tasks with a requirement. Workers that do not satisfy it never take them. */
export function queueNameOf(needed: Requirement): string {
  const digest = createHash('sha256').update(canonicalJson(needed)).digest('hex').slice(0, 16);
  return `perch-${needed.version.replace(/[^\w.-]/g, '-')}-${digest}`;
}
