import type { Revision } from '../../src-main/common/api/annotation.ts';
import type { DatasetImage } from '../../src-main/common/api/datasets.ts';
import { maskAddress, saveMask } from '../api/assets.ts';
import type { Client } from '../api/connection.svelte.ts';
import type { EmptyMask } from '../mask/history.ts';
import type { MaskWorker } from '../mask/mask-worker.ts';
import type { Draft, Drafts } from './drafts.ts';
import { Drawing } from './mask-editor.svelte.ts';
import { Saving } from './autosave.svelte.ts';
import type { Size } from '../mask/mask.ts';
import { runsOf, type Runs } from '../mask/runs.ts';

/** What drawing needs of the window. */
export interface Desk {
  client: Client;
  worker: MaskWorker;
  /** Who signs; empty for nobody yet. */
  author(): string;
  /** The dataset that images are opened from. */
  dataset(): number | undefined;
  drafts: Drafts;
}

/** The ground truth of one image at work: the mask as it is drawn, the revisions that the store has, and the saving between. */
export class Annotation {
  readonly image: DatasetImage;
  readonly drawing: Drawing;
  readonly saving: Saving;
  /** Newest first. */
  revisions = $state.raw<readonly Revision[]>([]);
  readonly latest: Revision | undefined = $derived(this.revisions[0]);
  readonly #desk: Desk;
  /** The dataset of the image. */
  readonly dataset: number | undefined;

  private constructor(desk: Desk, image: DatasetImage, revisions: readonly Revision[], drawing: Drawing) {
    this.#desk = desk;
    this.dataset = desk.dataset();
    this.image = image;
    this.drawing = drawing;
    this.revisions = revisions;
    this.saving = new Saving(
      {
        author: desk.author,
        encode: async () =>
          drawing.groundTruth === 'unknown'
            ? undefined
            : await desk.worker.ask('encode', { pixels: drawing.mask.pixels, size: drawing.mask }),
        post: async (png, author, base) => {
          if (png) return await saveMask(image.id, png, author, base);
          if (isUnknown(this.latest)) return undefined;
          return await desk.client.annotation.mark({ image: image.id, author, base, groundTruth: 'unknown' });
        },
        saved: (revision) => {
          if (revision) this.#add(revision);
          if (!this.saving.pending) this.#dropDraft();
        },
      },
      revisions[0]?.revision ?? 0,
    );
    drawing.watch(() => {
      this.saving.edited();
      this.#keepDraft();
    });
  }

  /** Opens the newest ground truth of an image. @throws AssetError, and what a call throws */
  static async open(desk: Desk, image: DatasetImage): Promise<Annotation> {
    const revisions = await newestFirst(desk.client, image.id);
    const pixels = revisions[0] && (await pixelsOf(desk, revisions[0]));
    return new Annotation(desk, image, revisions, new Drawing(image, pixels, emptyAs(revisions[0])));
  }

  /**
   * Opens an image with a draft of an earlier page drawn on it, which is not saved yet.
   *
   * @returns undefined where the store has the same: the page ended after it had saved; the draft is dropped
   */
  static async recover(
    desk: Desk,
    image: DatasetImage,
    { dataset, base, runs, empty }: Draft,
  ): Promise<Annotation | undefined> {
    const annotation = await Annotation.open({ ...desk, dataset: () => dataset }, image);
    const { drawing, saving } = annotation;
    const { version } = drawing;
    drawing.replace(pixelsOfRuns(runs, drawing.mask), { title: 'Restore draft', empty });
    if (drawing.version === version) {
      await desk.drafts.drop(image.id);
      return undefined;
    }
    saving.base = base;
    return annotation;
  }

  /** Asks the store for the revisions again. Returns whether the newest is still the one that is drawn on. */
  async refresh(): Promise<boolean> {
    this.revisions = await newestFirst(this.#desk.client, this.image.id);
    return (this.latest?.revision ?? 0) === this.saving.base;
  }

  /** Makes an earlier revision the newest again; what is drawn now can be had back by undo. */
  async restore(revision: number): Promise<void> {
    if (!(await this.saving.flush())) return;
    await this.#take(await this.#desk.client.annotation.restore({ ...this.#signed(), revision }), 'Restore');
  }

  /** Says that there is no anomalous pixel, or that nothing is known of the image. */
  async mark(groundTruth: 'normal' | 'unknown'): Promise<void> {
    if (!(await this.saving.flush())) return;
    const title = groundTruth === 'normal' ? 'Mark as normal' : 'Mark as unknown';
    await this.#take(await this.#desk.client.annotation.mark({ ...this.#signed(), groundTruth }), title);
  }

  /** Ends a conflict with what is drawn here as the newest revision. */
  async keepMine(): Promise<void> {
    await this.refresh();
    await this.saving.keepMine(this.latest?.revision ?? 0);
  }

  /** Ends a conflict with what somebody else saved; what was drawn here can be had back by undo. */
  async loadTheirs(): Promise<void> {
    await this.refresh();
    if (this.latest) await this.#take(this.latest, 'Load theirs');
  }

  #signed(): { image: number; author: string } {
    return { image: this.image.id, author: this.#desk.author() };
  }

  async #take(revision: Revision, title: string): Promise<void> {
    const { mask } = this.drawing;
    const pixels = await pixelsOf(this.#desk, revision);
    const empty = emptyAs(revision);
    this.drawing.replace(pixels ?? new Uint8Array(mask.width * mask.height), { title, empty });
    this.#add(revision);
    this.saving.settled(revision.revision);
    this.#dropDraft();
  }

  #keepDraft(): void {
    const { dataset } = this;
    if (dataset === undefined) return;
    const { id, name, thumbnail, width, height } = this.image;
    this.#desk.drafts.keep(id, () => ({
      dataset,
      image: { id, name, thumbnail, width, height },
      base: this.saving.base,
      runs: runsOf(this.drawing.mask.pixels, width),
      empty: this.drawing.groundTruth === 'unknown' ? 'unknown' : 'normal',
    }));
  }

  #dropDraft(): void {
    void this.#desk.drafts.drop(this.image.id);
  }

  #add(revision: Revision): void {
    this.revisions = [revision, ...this.revisions.filter((other) => other.revision !== revision.revision)];
  }
}

/** An image that has no revision yet is as one of which nothing is known. */
const isUnknown = (latest: Revision | undefined) => (latest?.groundTruth ?? 'unknown') === 'unknown';
const emptyAs = (latest: Revision | undefined): EmptyMask => (isUnknown(latest) ? 'unknown' : 'normal');

async function newestFirst(client: Client, image: number): Promise<Revision[]> {
  const { revisions } = await client.annotation.revisions({ image });
  return revisions.sort((a, b) => b.revision - a.revision);
}

function pixelsOfRuns(runs: Runs, { width, height }: Size): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < runs.length; i += 2) pixels.fill(255, runs[i], runs[i + 1]);
  return pixels;
}

async function pixelsOf({ worker }: Desk, { mask }: Revision): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return mask === null ? undefined : await worker.ask('open', { address: maskAddress(mask) });
}
