import { createContext } from 'svelte';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';
import type { Signature } from '../settings/signature.svelte.ts';

/** The dataset's images that are marked as good for calibration. */
export class MarkStore {
  images = $state.raw<ReadonlySet<number>>(new Set());
  readonly #client: Pick<Client, 'recipes'>;
  readonly #notices: Notices;
  readonly #signature: Signature;
  readonly #isHidden: (image: number) => boolean;
  #dataset: number | undefined;
  /** Incremented at the start and at the end of each change. */
  #changes = 0;

  /** @param isHidden returns whether a blind review hides an image */
  constructor(
    client: Pick<Client, 'recipes'>,
    notices: Notices,
    signature: Signature,
    isHidden: (image: number) => boolean = () => false,
  ) {
    this.#client = client;
    this.#notices = notices;
    this.#signature = signature;
    this.#isHidden = isHidden;
  }

  /** Loads or reloads the marks of a dataset. */
  async open(dataset: number | undefined): Promise<void> {
    if (dataset !== this.#dataset) this.images = new Set();
    this.#dataset = dataset;
    if (dataset === undefined) return;
    const changes = this.#changes;
    try {
      const { images } = await this.#client.recipes.marks({ dataset });
      // A response from before a change is outdated. The change triggers another load.
      if (changes === this.#changes && dataset === this.#dataset)
        this.images = new Set(images.map(({ image }) => image));
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load the marks', toErrorReport(thrown));
    }
  }

  /** Whether an image is marked, and no blind review hides the mark. */
  has(image: number | undefined): boolean {
    return image !== undefined && this.images.has(image) && !this.#isHidden(image);
  }

  /** Marks images as good, or removes the marks if all of the images have one. */
  async toggle(images: readonly number[]): Promise<void> {
    const good = !images.every((image) => this.images.has(image));
    const changed = images.filter((image) => this.images.has(image) !== good);
    if (changed.length === 0) return;
    const author = await this.#signature.author();
    if (author === undefined) return;
    for (const image of changed) this.#put(image, good);
    this.#changes++;
    try {
      for (const image of changed) await this.#client.recipes.markGood({ image, good, author });
    } catch (thrown) {
      for (const image of changed) this.#put(image, !good);
      this.#notices.showError('Could not mark the image', toErrorReport(thrown));
    } finally {
      this.#changes++;
    }
    void this.open(this.#dataset);
  }

  #put(image: number, good: boolean): void {
    const images = new Set(this.images);
    if (good) images.add(image);
    else images.delete(image);
    this.images = images;
  }
}

export const [getMarks, setMarks] = createContext<MarkStore>();
