import { reportOf } from '../../../common/api/errors.ts';
import { canonicalJson } from '../../../common/canonical-json.ts';
import type { EngineClient } from '../../../engine/client/engine-client.ts';
import type { ProviderReport } from '../../../engine/protocol/data-types.ts';
import { sha256Of } from '../../../files/sha256.ts';
import { addedModel } from '../../../methods/extractors/added-backbones.ts';
import { version } from '../../../platform/version.ts';
import type { Requirement } from '../requirement.ts';

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
}

/** A model's record without what does not change its maps. */
function usedPart(record: object): string {
  const { source: _, title: __, ...used } = record as Record<string, unknown>;
  return canonicalJson(used);
}
