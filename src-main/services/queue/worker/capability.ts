import { rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { copyFile } from 'node:fs/promises';
import { reportOf } from '../../../common/api/errors.ts';
import { canonicalJson } from '../../../common/canonical-json.ts';
import type { EngineClient } from '../../../engine/client/engine-client.ts';
import type { ProviderReport } from '../../../engine/protocol/data-types.ts';
import { makeFolder } from '../../../files/make-folder.ts';
import { sha256Of } from '../../../files/sha256.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import { addedModel, backbonesFolder } from '../../../methods/extractors/added-backbones.ts';
import { version } from '../../../platform/version.ts';
import type { RequiredModel, Requirement } from '../requirement.ts';

/** What this machine can do. */
export class Capability {
  readonly #engine: EngineClient;
  readonly #verified = new Set<string>();
  #providers: Promise<ProviderReport[]> | undefined;

  constructor(engine: EngineClient) {
    this.#engine = engine;
  }

  /** Why this machine cannot do tasks with a requirement, as a sentence; undefined if it can. */
  async lackOf(needed: Requirement): Promise<string | undefined> {
    if (needed.version !== version) return `The tasks need Perch ${needed.version}, and this is ${version}.`;
    try {
      return (await this.#lackOfProvider(needed)) ?? (await this.#lackOfModel(needed));
    } catch (thrown) {
      return reportOf(thrown).message;
    }
  }

  async #lackOfProvider({ provider: wanted }: Requirement): Promise<string | undefined> {
    if (wanted === null) return undefined;
    this.#providers ??= this.#engine.request('probeProviders', {}).then(({ providers }) => providers);
    const found = (await this.#providers).find(({ provider }) => provider === wanted);
    if (found?.usable) return undefined;
    return `The tasks need the provider ${wanted}, which does not work here: ${found?.reason ?? 'it is unknown'}`;
  }

  /** A model that is not here can be fetched; one with the same name and other content cannot be replaced. */
  async #lackOfModel({ model: wanted }: Requirement): Promise<string | undefined> {
    if (!wanted || this.#verified.has(wanted.sha256)) return undefined;
    const model = addedModel(wanted.name);
    if (!model) return undefined;
    const same =
      model.record.sha256 === wanted.sha256 &&
      usedPart(model.record) === usedPart(JSON.parse(wanted.record) as object) &&
      (await sha256Of(model.file)) === wanted.sha256;
    if (same) this.#verified.add(wanted.sha256);
    return same
      ? undefined
      : `The tasks need another model with the name ${wanted.name} than this machine has. Remove that one, or rename one of them.`;
  }

  /** Adds a model whose graph is the file at `path`. */
  async addModel({ name, sha256, record }: RequiredModel, path: string): Promise<void> {
    if (addedModel(name)) return;
    const folder = join(backbonesFolder(), name);
    const temporary = join(backbonesFolder(), `.${randomUUID()}.tmp`);
    try {
      await makeFolder(temporary);
      await copyFile(path, join(temporary, 'model.onnx'));
      await writeFileAtomic(join(temporary, 'model.json'), Buffer.from(record));
      await rename(temporary, folder);
      this.#verified.add(sha256);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }
}

/** A model's record without what does not change its maps. */
function usedPart(record: object): string {
  const { source: _, title: __, ...used } = record as Record<string, unknown>;
  return canonicalJson(used);
}
