import { copyFile, link, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { addedModel, addedModelNames, backbonesFolder } from '../../../methods/extractors/added-backbones.ts';
import type { BackboneRecord } from '../../../methods/extractors/backbone.ts';
import type { NetworkRecord } from '../../../methods/networks/network-record.ts';
import { IncomingModel, removeModel } from '../../models/model-store.ts';
import type { RequiredModel } from '../requirement.ts';
import type { ContentCache } from './content-cache.ts';

/** A file in the folder of a model that a worker has fetched, with the SHA-256 of its graph. */
const MARK = 'fetched';

/** Models that this worker has got from hosts. They stay among this machine's models as long as their graphs are in the cache. */
export class FetchedModels {
  readonly #cache: ContentCache;
  #last: Promise<void> = Promise.resolve();

  constructor(cache: ContentCache) {
    this.#cache = cache;
  }

  /** Adds a model whose graph is the cache's file at `path`, unless there is one with its name. @throws PerchError of the file system */
  async add(model: RequiredModel, path: string): Promise<void> {
    if (addedModel(model.name)) return;
    const adding = this.#last.then(() => this.#add(model, path));
    this.#last = adding.catch(() => {});
    return adding;
  }

  async #add({ name, sha256, record }: RequiredModel, path: string): Promise<void> {
    if (addedModel(name)) return;
    await this.removeUnused();
    await using incoming = await IncomingModel.begin();
    await link(path, incoming.file).catch(() => copyFile(path, incoming.file));
    await writeFile(join(dirname(incoming.file), MARK), sha256);
    await incoming.keep(JSON.parse(record) as BackboneRecord | NetworkRecord);
  }

  /** Removes those that the cache no longer has. A file that is open stays until the next time. */
  async removeUnused(): Promise<void> {
    for (const name of addedModelNames()) {
      const sha256 = await readFile(join(backbonesFolder(), name, MARK), 'utf8').catch(() => undefined);
      if (sha256 !== undefined && !this.#cache.has(sha256)) await removeModel(name).catch(() => {});
    }
  }
}
