import { createContext } from 'svelte';
import type { Dataset, DatasetImage } from '../../../src-main/common/api/datasets.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import { consumeStream } from '../../api/consume-stream.ts';
import type { Notices } from '../notices.svelte.ts';

const none: readonly DatasetImage[] = [];

/** What a blind review hides of the dataset's images. */
export interface Blinding {
  /** The name that replaces a hidden image's name; undefined for a visible image. */
  nameOf: (image: number) => string | undefined;
  /** Whether the heatmaps of hidden images are also hidden. */
  heatmaps: boolean;
}

/** The datasets of the store, the selected one, and its images. */
export class DatasetStore {
  all = $state.raw<readonly Dataset[]>([]);
  /** Incremented by every change to the datasets, their images or their ground truth. */
  version = $state(0);
  /** Whether the list of datasets has loaded. */
  loaded = $state(false);
  /** Id of the selected dataset, which may not have loaded yet. */
  selectedId = $state<number>();
  /** The selected texture class; undefined for all. */
  textureClass = $state<string>();
  readonly current: Dataset | undefined = $derived(this.all.find(({ id }) => id === this.selectedId));
  /** All images of the dataset, by class and name. */
  readonly images: readonly DatasetImage[] = $derived.by(() => {
    const { blinding } = this;
    return blinding
      ? this.#loadedImages.map((image) => anonymize(image, blinding.nameOf(image.id)))
      : this.#loadedImages;
  });
  /** What a blind review hides; undefined if nothing is hidden. */
  blinding = $state.raw<Blinding>();
  /** Whether an image is hidden; undefined if no image is. */
  readonly isHidden: ((image: number) => boolean) | undefined = $derived.by(() => {
    const { blinding } = this;
    return blinding && ((image) => blinding.nameOf(image) !== undefined);
  });
  /** The defect types that the dataset's folders are named after. */
  readonly defectTypes: ReadonlySet<string> = $derived.by(
    () =>
      new Set(
        this.#loadedImages
          .map(({ defectType }) => defectType)
          .filter((kind) => kind !== '' && kind !== 'good'),
      ),
  );
  readonly byId: ReadonlyMap<number, DatasetImage> = $derived(
    new Map(this.images.map((image) => [image.id, image])),
  );
  /** Whether the images of the selected dataset are loading. */
  readonly loading: boolean = $derived.by(
    () => this.current !== undefined && this.#loaded?.dataset !== this.selectedId,
  );

  readonly #client: Client;
  readonly #notices: Notices;
  readonly #loadedImages: readonly DatasetImage[] = $derived.by(() =>
    this.#loaded && this.#loaded.dataset === this.selectedId ? this.#loaded.images : none,
  );
  #loaded = $state.raw<{ dataset: number; images: readonly DatasetImage[] }>();

  /** `others` of the last event of the host. */
  #others: number | undefined;

  readonly #onLeave: () => void;

  /** @param onLeave called when another dataset is selected, to reset the selection of images */
  constructor(client: Client, notices: Notices, onLeave: () => void = () => {}) {
    this.#client = client;
    this.#notices = notices;
    this.#onLeave = onLeave;
  }

  /** Selects a dataset, and a class of it. */
  select(dataset: number | undefined, textureClass?: string): void {
    const changed = dataset !== this.selectedId;
    const found = this.all.find(({ id }) => id === dataset);
    if (this.loaded && dataset !== undefined && !found)
      return this.#reportMissing('dataset', this.current?.name);
    if (changed && this.selectedId !== undefined) this.#onLeave();
    this.selectedId = dataset;
    this.textureClass = found && !hasClass(found, textureClass) ? undefined : textureClass;
    if (changed && this.current) void this.#loadImages();
  }

  /** Adds a new dataset and selects it. */
  add(dataset: Dataset): void {
    this.all = [...this.all.filter(({ id }) => id !== dataset.id), dataset];
    this.select(dataset.id);
  }

  /** Follows the store until the connection ends. */
  async watch(): Promise<void> {
    // Another host counts from zero.
    this.#others = undefined;
    await consumeStream(
      this.#client.datasets.watch(),
      async ({ others }) => {
        await this.#load({ isAddition: others === this.#others });
        this.#others = others;
      },
      (failure) => this.#notices.showError('Lost the stream of dataset changes from the server', failure),
    );
  }

  /** @param isAddition whether only images were added since the last load */
  async #load({ isAddition }: { isAddition: boolean }): Promise<void> {
    const { datasets } = await this.#client.datasets.list();
    const [first] = datasets as (Dataset | undefined)[];
    const requested = this.loaded ? undefined : this.selectedId;
    this.all = datasets;
    this.version++;
    this.loaded = true;
    if (!this.current) {
      if (requested !== undefined) this.#reportMissing('dataset', first?.name);
      this.select(first?.id);
    }
    const { current, textureClass } = this;
    if (current && !hasClass(current, textureClass)) this.textureClass = undefined;
    await (isAddition ? this.#loadAdded() : this.#loadImages());
  }

  /** Shows a notice that the address names something that does not exist. @param shown the name of the dataset or image that is shown instead */
  #reportMissing(what: 'dataset' | 'image', shown: string | undefined): void {
    const reason = shown === undefined ? '' : `${shown} is shown.`;
    this.#notices.show('error', `The ${what} in this address is no longer in the library`, [
      { subject: '', reason },
    ]);
  }

  /** Shows a notice that the address names a missing image. */
  reportMissingImage(shown: string | undefined): void {
    this.#reportMissing('image', shown);
  }

  async #loadImages(): Promise<void> {
    const { current } = this;
    if (!current) return;
    await this.#try(current, async (dataset) => {
      const { images } = await this.#client.datasets.images({ dataset });
      if (this.selectedId === dataset) this.#loaded = { dataset, images };
    });
  }

  /** Loads the images that were added after those that are loaded, and leaves out those that were removed. */
  async #loadAdded(): Promise<void> {
    const { current } = this;
    const loaded = this.#loaded;
    if (!current || loaded?.dataset !== current.id) return await this.#loadImages();
    const last = loaded.images.reduce((latest, { id }) => Math.max(latest, id), 0);
    await this.#try(current, async (dataset) => {
      const known = { last, count: loaded.images.length };
      const { images: added, kept } = await this.#client.datasets.images({ dataset, known });
      // A load of all images is newer.
      if (this.#loaded !== loaded || (added.length === 0 && !kept)) return;
      const ids = kept && new Set(kept);
      const left = ids ? loaded.images.filter(({ id }) => ids.has(id)) : loaded.images;
      this.#loaded = { dataset, images: [...left, ...added] };
    });
  }

  async #try({ id, name }: Dataset, work: (dataset: number) => Promise<void>): Promise<void> {
    try {
      await work(id);
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError(`Could not load the images of ${name}`, toErrorReport(thrown));
    }
  }
}

function hasClass({ classes }: Dataset, textureClass: string | undefined): boolean {
  return textureClass === undefined || classes.some((counts) => counts.textureClass === textureClass);
}

/** An image without ground truth, under a name that reveals nothing, unlike file and folder names. */
function anonymize(image: DatasetImage, name: string | undefined): DatasetImage {
  if (name === undefined) return image;
  return {
    ...image,
    name,
    defectType: '',
    groundTruth: 'unknown',
    label: 'unknown',
    mask: null,
    revision: 0,
    annotated: false,
  };
}

export const [getDatasets, setDatasets] = createContext<DatasetStore>();
