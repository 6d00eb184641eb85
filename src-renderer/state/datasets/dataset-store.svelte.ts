import { createContext } from 'svelte';
import type { Dataset, DatasetImage } from '../../../src-main/common/api/datasets.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import { consumeStream } from '../../api/consume-stream.ts';
import type { Notices } from '../notices.svelte.ts';

const none: readonly DatasetImage[] = [];

/** The datasets of the store, the one that is worked with and its images; kept as the store has them. */
export class DatasetStore {
  all = $state.raw<readonly Dataset[]>([]);
  /** Grows with every change of the datasets, their images or their ground truth. */
  version = $state(0);
  /** Whether the datasets of the store are known yet. */
  loaded = $state(false);
  /** The dataset that was chosen, whether or not it is known yet. */
  selectedId = $state<number>();
  /** The texture class that is worked with; undefined for all. */
  textureClass = $state<string>();
  readonly current: Dataset | undefined = $derived(this.all.find(({ id }) => id === this.selectedId));
  /** All images of the dataset, in the order of the store: class by class, by name. */
  readonly images: readonly DatasetImage[] = $derived.by(() => {
    const { isHidden } = this;
    return isHidden ? this.#known.map((image) => (isHidden(image.id) ? blinded(image) : image)) : this.#known;
  });
  /** Images of which nothing is shown that would give the answer away to a reviewer. */
  isHidden = $state.raw<(image: number) => boolean>();
  /** Defect kinds that the folders of the dataset are named by. */
  readonly kinds: ReadonlySet<string> = $derived.by(
    () =>
      new Set(
        this.#known.map(({ defectType }) => defectType).filter((kind) => kind !== '' && kind !== 'good'),
      ),
  );
  readonly byId: ReadonlyMap<number, DatasetImage> = $derived(
    new Map(this.images.map((image) => [image.id, image])),
  );
  /** Whether the images of the chosen dataset are still on their way. */
  readonly loading: boolean = $derived.by(
    () => this.current !== undefined && this.#loaded?.dataset !== this.selectedId,
  );

  readonly #client: Client;
  readonly #notices: Notices;
  readonly #known: readonly DatasetImage[] = $derived.by(() =>
    this.#loaded && this.#loaded.dataset === this.selectedId ? this.#loaded.images : none,
  );
  #loaded = $state.raw<{ dataset: number; images: readonly DatasetImage[] }>();

  readonly #onLeave: () => void;

  /** @param onLeave called when another dataset takes the place of one: what was chosen among its images holds no more */
  constructor(client: Client, notices: Notices, onLeave: () => void = () => {}) {
    this.#client = client;
    this.#notices = notices;
    this.#onLeave = onLeave;
  }

  /** Works with another dataset, or another class of the same. */
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

  /** Works with a dataset that has just come into the store. */
  add(dataset: Dataset): void {
    this.all = [...this.all.filter(({ id }) => id !== dataset.id), dataset];
    this.select(dataset.id);
  }

  /** Follows the store for as long as the connection stands. */
  async watch(): Promise<void> {
    await consumeStream(
      this.#client.datasets.watch(),
      async () => await this.#load(),
      (failure) => this.#notices.showError('Lost the stream of dataset changes from the server', failure),
    );
  }

  async #load(): Promise<void> {
    const { datasets } = await this.#client.datasets.list();
    const [first] = datasets as (Dataset | undefined)[];
    const asked = this.loaded ? undefined : this.selectedId;
    this.all = datasets;
    this.version++;
    this.loaded = true;
    if (!this.current) {
      if (asked !== undefined) this.#reportMissing('dataset', first?.name);
      this.select(first?.id);
    }
    const { current, textureClass } = this;
    if (current && !hasClass(current, textureClass)) this.textureClass = undefined;
    await this.#loadImages();
  }

  /** Says that an address names what is not there. @param shown what is shown in its place */
  #reportMissing(what: 'dataset' | 'image', shown: string | undefined): void {
    const reason = shown === undefined ? '' : `${shown} is shown.`;
    this.#notices.show('problem', `The ${what} in this address is no longer in the library`, [
      { subject: '', reason },
    ]);
  }

  /** Says that an address names an image that is not in the dataset. */
  reportMissingImage(shown: string | undefined): void {
    this.#reportMissing('image', shown);
  }

  async #loadImages(): Promise<void> {
    const { current } = this;
    if (!current) return;
    try {
      const { images } = await this.#client.datasets.images({ dataset: current.id });
      if (this.selectedId === current.id) this.#loaded = { dataset: current.id, images };
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError(`Could not load the images of ${current.name}`, toErrorReport(thrown));
    }
  }
}

function hasClass({ classes }: Dataset, textureClass: string | undefined): boolean {
  return textureClass === undefined || classes.some((counts) => counts.textureClass === textureClass);
}

/** An image as one of which nothing is known: folders of its name may be those of defect kinds. */
function blinded(image: DatasetImage): DatasetImage {
  const name = image.name.slice(image.name.lastIndexOf('/') + 1);
  return {
    ...image,
    name,
    defectType: '',
    groundTruth: 'unknown',
    label: 'unknown',
    mask: null,
    annotated: false,
  };
}

export const [getDatasets, setDatasets] = createContext<DatasetStore>();
