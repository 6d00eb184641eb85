import type { Revision } from '../../src-main/common/api/annotation.ts';
import type { DatasetImage } from '../../src-main/common/api/datasets.ts';
import { maskUrl, saveMask } from '../api/assets.ts';
import type { Client } from '../api/connection.svelte.ts';
import type { EmptyMask } from '../mask/history.ts';
import type { MaskWorker } from '../mask/mask-worker.ts';
import type { Draft, Drafts } from './drafts.ts';
import { MaskEditor } from './mask-editor.svelte.ts';
import { Autosave } from './autosave.svelte.ts';
import type { Size } from '../viewer/viewport.ts';
import type { Runs } from '../../src-main/common/maps/mask-runs.ts';

/** The services that annotation needs. */
export interface AnnotationDeps {
  client: Client;
  worker: MaskWorker;
  /** The operator name; empty if none is set. */
  author(): string;
  /** The current dataset. */
  dataset(): number | undefined;
  drafts: Drafts;
}

/**
 * One image's ground truth while it is edited: its mask, its stored revisions, and the autosave between them.
 */
export class MaskDocument {
  readonly image: DatasetImage;
  readonly editor: MaskEditor;
  readonly autosave: Autosave;
  /** Newest first. */
  revisions = $state.raw<readonly Revision[]>([]);
  readonly latest: Revision | undefined = $derived(this.revisions[0]);
  readonly #deps: AnnotationDeps;
  readonly dataset: number | undefined;

  private constructor(
    deps: AnnotationDeps,
    image: DatasetImage,
    revisions: readonly Revision[],
    editor: MaskEditor,
  ) {
    this.#deps = deps;
    this.dataset = deps.dataset();
    this.image = image;
    this.editor = editor;
    this.revisions = revisions;
    this.autosave = new Autosave(
      {
        author: deps.author,
        encode: async () =>
          editor.groundTruth === 'unknown'
            ? undefined
            : await deps.worker.request('encode', { runs: editor.mask.runs, size: sizeOf(image) }),
        post: async (png, author, base) => {
          if (png) return await saveMask(image.id, png, author, base);
          if (isUnknown(this.latest)) return undefined;
          return await deps.client.annotation.mark({ image: image.id, author, base, groundTruth: 'unknown' });
        },
        saved: (revision) => {
          if (revision) this.#add(revision);
          if (!this.autosave.pending) this.#deleteDraft();
        },
      },
      revisions[0]?.revision ?? 0,
    );
    editor.watch(() => {
      this.autosave.edited();
      this.#scheduleDraft();
    });
  }

  /** Opens an image's newest ground truth. @throws AssetError, ORPCError */
  static async open(deps: AnnotationDeps, image: DatasetImage): Promise<MaskDocument> {
    const revisions = await newestFirst(deps.client, image.id);
    const runs = revisions[0] && (await runsOf(deps, revisions[0]));
    return new MaskDocument(deps, image, revisions, new MaskEditor(image, runs, emptyAs(revisions[0])));
  }

  /**
   * Opens an image with an earlier page's unsaved draft.
   *
   * @returns undefined if the store has the same mask, because the page ended after a save; the draft is
   * deleted
   */
  static async recover(
    deps: AnnotationDeps,
    image: DatasetImage,
    { dataset, base, runs, empty }: Draft,
  ): Promise<MaskDocument | undefined> {
    const document = await MaskDocument.open({ ...deps, dataset: () => dataset }, image);
    const { editor, autosave } = document;
    const { version } = editor;
    editor.replace(runs, { title: 'Restore draft', empty });
    if (editor.version === version) {
      await deps.drafts.delete(image.id);
      return undefined;
    }
    autosave.base = base;
    return document;
  }

  /** Reloads the revisions. @returns whether the edits are based on the newest one */
  async refresh(): Promise<boolean> {
    this.revisions = await newestFirst(this.#deps.client, this.image.id);
    return (this.latest?.revision ?? 0) === this.autosave.base;
  }

  /** Restores an earlier revision as the newest one. Can be undone. */
  async restore(revision: number): Promise<void> {
    if (!(await this.autosave.flush())) return;
    await this.#take(await this.#deps.client.annotation.restore({ ...this.#author(), revision }), 'Restore');
  }

  /** Marks the image as normal, or its ground truth as unknown. */
  async mark(groundTruth: 'normal' | 'unknown'): Promise<void> {
    if (!(await this.autosave.flush())) return;
    const title = groundTruth === 'normal' ? 'Mark as normal' : 'Mark as unknown';
    await this.#take(await this.#deps.client.annotation.mark({ ...this.#author(), groundTruth }), title);
  }

  /** Resolves a conflict: saves the edits as the newest revision. */
  async overwrite(): Promise<void> {
    await this.refresh();
    await this.autosave.overwrite(this.latest?.revision ?? 0);
  }

  /** Resolves a conflict: loads the newest revision. Can be undone. */
  async loadTheirs(): Promise<void> {
    await this.refresh();
    if (this.latest) await this.#take(this.latest, 'Load theirs');
  }

  #author(): { image: number; author: string } {
    return { image: this.image.id, author: this.#deps.author() };
  }

  async #take(revision: Revision, title: string): Promise<void> {
    const runs = await runsOf(this.#deps, revision);
    this.editor.replace(runs ?? new Float64Array(), { title, empty: emptyAs(revision) });
    this.#add(revision);
    this.autosave.markSaved(revision.revision);
    this.#deleteDraft();
  }

  #scheduleDraft(): void {
    const { dataset } = this;
    if (dataset === undefined) return;
    const { id, name, thumbnail, width, height } = this.image;
    this.#deps.drafts.schedule(id, () => ({
      dataset,
      image: { id, name, thumbnail, width, height },
      base: this.autosave.base,
      runs: this.editor.mask.runs,
      empty: this.editor.groundTruth === 'unknown' ? 'unknown' : 'normal',
    }));
  }

  #deleteDraft(): void {
    void this.#deps.drafts.delete(this.image.id);
  }

  #add(revision: Revision): void {
    this.revisions = [revision, ...this.revisions.filter((other) => other.revision !== revision.revision)];
  }
}

/** The ground truth of an image without revisions is unknown. */
const isUnknown = (latest: Revision | undefined) => (latest?.groundTruth ?? 'unknown') === 'unknown';
const emptyAs = (latest: Revision | undefined): EmptyMask => (isUnknown(latest) ? 'unknown' : 'normal');

async function newestFirst(client: Client, image: number): Promise<Revision[]> {
  const { revisions } = await client.annotation.revisions({ image });
  return revisions.sort((a, b) => b.revision - a.revision);
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height });

/** A revision's anomalous pixels; undefined if it has no mask. */
async function runsOf({ worker }: AnnotationDeps, { mask }: Revision): Promise<Runs | undefined> {
  return mask === null ? undefined : await worker.request('open', { url: maskUrl(mask) });
}
