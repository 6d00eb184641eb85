import { PerchError, reportOf } from '../../common/api/errors.ts';
import type { ServiceOf } from '../../common/api/service.ts';
import type { Model, ModelEvent, models as procedures } from '../../common/api/models.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { addedModel, addedModelNames } from '../../methods/extractors/added-backbones.ts';
import type { BackboneRecord } from '../../methods/extractors/backbone.ts';
import type { NetworkRecord } from '../../methods/networks/network-record.ts';
import { type KnownBackbone, knownBackbones } from '../../methods/extractors/known-backbones.ts';
import { architectures } from '../../models/networks/networks.ts';
import type { AuditTable } from '../../store/audit.ts';
import { AsyncQueue } from '../async-queue.ts';
import { importModel } from './import-model.ts';
import { importNetwork } from './import-network.ts';
import { describeModel } from './describe-model.ts';
import { downloadModel, knownBackbone } from './download-model.ts';
import { removeModel } from './model-store.ts';
import { verifyModel } from './verify-model.ts';

const PROGRESS_MS = 50;

/** Backbones: the imported ones, and those that Perch can download. */
export function openModels(
  engine: EngineClient,
  audit: Pick<AuditTable, 'add'>,
): ServiceOf<typeof procedures> {
  const arriving = new Set<string>();

  /** Yields the progress of an import and finally the model. The same model is imported only once at a time. */
  async function* adding(
    name: string,
    signal: AbortSignal,
    work: (signal: AbortSignal, report: ReportProgress) => Promise<BackboneRecord | NetworkRecord>,
  ): AsyncGenerator<ModelEvent, void, void> {
    if (arriving.has(name))
      throw new PerchError(
        'CONFLICT',
        `${name} is already being imported. Wait until that import ends, or cancel it there.`,
      );
    arriving.add(name);
    // Returning from the generator early must cancel the download as well.
    const ended = new AbortController();
    const events = new AsyncQueue<ModelEvent>();
    const added = work(AbortSignal.any([signal, ended.signal]), (what, done, total) =>
      events.push({ type: 'progress', what, done, total }),
    )
      .then((record) => {
        const model = described(record);
        audit.add({ type: 'model', id: name, name: model.title }, 'added', { after: identityOf(model) });
        return model;
      })
      .finally(() => {
        arriving.delete(name);
        events.end();
      });
    added.catch(() => {});
    try {
      yield* events;
      yield { type: 'imported', model: await added };
    } finally {
      ended.abort();
    }
  }

  return {
    list: async () => ({
      models: allModels(),
      architectures: architectures.map(({ name, layers }) => ({ name, layers })),
    }),
    download({ name }, signal) {
      const known = knownBackbone(name);
      return adding(name, signal, (signal, report) => {
        let reportedAt = -Infinity;
        return downloadModel(known, engine, {
          signal,
          onProgress(done, total) {
            if (done < total && performance.now() - reportedAt < PROGRESS_MS) return;
            reportedAt = performance.now();
            report(known.file, done, total);
          },
          onReading: report,
        });
      });
    },
    import: (file, signal) =>
      adding(file.name, signal, (signal, report) => {
        const options = { signal, onProgress: report };
        if (file.kind === 'map') return importNetwork(file, engine, options);
        return importModel({ ...file, tokens: file.kind === 'tokens' || undefined }, engine, options);
      }),
    async remove({ name }) {
      const former = listedModel(name);
      await removeModel(name);
      audit.add({ type: 'model', id: name, name: former.title }, 'removed', { before: identityOf(former) });
    },
    async verify({ name }, signal) {
      try {
        return described(await verifyModel(name, engine, signal));
      } catch (thrown) {
        const { code, message } = reportOf(thrown);
        if (code !== 'MODEL_UNUSABLE') throw thrown;
        return { ...listedModel(name), problem: message };
      }
    },
  };
}

/** What differs between models of the same name. */
const identityOf = ({ kind, sha256, bytes, source }: Model) => ({ kind, sha256, bytes, source });

type ReportProgress = (what: string, done: number, total: number) => void;

/** Imported models, then the other known backbones. */
function allModels(): Model[] {
  const added = addedModelNames();
  const others = knownBackbones.filter(({ name }) => !added.includes(name));
  return [...added.map(listedModel), ...others.map(knownModel)];
}

/** An imported model, even if its record cannot be read. */
function listedModel(name: string): Model {
  try {
    const model = addedModel(name);
    if (model) return described(model.record);
    throw new PerchError('NOT_FOUND', `${name} was removed during the import. Import it again.`);
  } catch (thrown) {
    const known = knownBackbones.find((candidate) => candidate.name === name);
    const nothing = {
      kind: 'backbone' as const,
      title: name,
      description: '',
      notes: [],
      license: '',
      source: '',
      sha256: '',
      bytes: 0,
    };
    return {
      ...(known ? knownModel(known) : { ...nothing, name, downloadable: false }),
      imported: true,
      problem: reportOf(thrown).message,
    };
  }
}

function described(record: BackboneRecord | NetworkRecord): Model {
  const { kind = 'backbone', name, title, license, source, sha256, bytes } = record;
  return {
    name,
    kind,
    title,
    license,
    sha256,
    bytes,
    imported: true,
    description: describeModel(record),
    notes: record.kind === 'map' ? record.notes : [],
    source: source.publisher === 'unknown' ? source.file : `${source.publisher}, ${source.file}`,
    ...published(knownBackbones.find((known) => known.name === name)),
  };
}

function published(known: KnownBackbone | undefined): Pick<Model, 'downloadable' | 'architecture'> {
  return known ? { downloadable: true, architecture: known.network } : { downloadable: false };
}

function knownModel(known: KnownBackbone): Model {
  const { name, title, license, source, bytes = 0 } = known;
  return {
    name,
    kind: 'backbone',
    title,
    imported: false,
    description: '',
    notes: [],
    license,
    source,
    sha256: '',
    bytes,
    ...published(known),
  };
}
