import { createContext } from 'svelte';
import type { DatasetImage } from '../../../src-main/common/api/datasets.ts';
import type { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import { EMPTY_FILTER, matches, type Filter, type ImageFacts, type ImageList } from './image-filter.ts';
import { DEFAULT_ORDER, sortImages, type Order } from './image-order.ts';

/** The filtered and sorted images of the dataset, the open image, and the selected images. */
export class ImageSelection {
  filter = $state.raw<Filter>(EMPTY_FILTER);
  order = $state.raw<Order>(DEFAULT_ORDER);
  /** Ids of the selected images. */
  selected = $state.raw<ReadonlySet<number>>(new Set());
  /** Id of the requested image, which may not have loaded yet. */
  requestedId = $state<number>();

  /** Images per row and per page of the grid. */
  columns = $state(1);
  page = $state(1);

  /** The images of the selected class, or of all classes. */
  readonly scope: readonly DatasetImage[] = $derived.by(() => {
    const { images, textureClass } = this.#datasets;
    return textureClass === undefined
      ? images
      : images.filter((image) => image.textureClass === textureClass);
  });
  /** The open review session's images in its order. They replace the filtered images. */
  reviewImages = $state.raw<readonly number[]>();
  /** The matching images, sorted. */
  readonly filtered: readonly DatasetImage[] = $derived.by(() =>
    sortImages(
      this.scope.filter((image) => matches(this.filter, image, this.#facts)),
      this.order,
      this.#facts,
    ),
  );
  /** The images of the review session, or else the filtered ones. */
  readonly images: readonly DatasetImage[] = $derived.by(() => {
    if (!this.reviewImages) return this.filtered;
    const { byId } = this.#datasets;
    return this.reviewImages.flatMap((id) => byId.get(id) ?? []);
  });
  /** The open image. It stays open when it no longer matches the filter. */
  readonly image: DatasetImage | undefined = $derived.by(() => {
    const { byId, textureClass } = this.#datasets;
    const requested = this.requestedId === undefined ? undefined : byId.get(this.requestedId);
    const inScope = textureClass === undefined || requested?.textureClass === textureClass;
    return requested && inScope ? requested : this.images[0];
  });
  /** Index of the open image in `images`; -1 if it is not among them. */
  readonly index: number = $derived.by(() => (this.image ? (this.#indexById.get(this.image.id) ?? -1) : -1));

  readonly #datasets: DatasetStore;
  readonly #facts: ImageFacts;
  readonly #indexById: ReadonlyMap<number, number> = $derived(
    new Map(this.images.map(({ id }, index) => [id, index])),
  );
  /** The last index of the open image in `images`. */
  #lastIndex = 0;
  /** The image at which a range selection starts. */
  #anchor: number | undefined;

  constructor(datasets: DatasetStore, facts: ImageFacts) {
    this.#datasets = datasets;
    this.#facts = facts;
  }

  /** Clears filter, selection and open image when another dataset is selected. */
  reset(): void {
    this.clearFilter();
    this.clearSelected();
    this.requestedId = undefined;
  }

  clearFilter(): void {
    this.filter = EMPTY_FILTER;
  }

  /** Shows only these images, training images included. */
  showOnly(list: ImageList): void {
    this.filter = { ...EMPTY_FILTER, train: true, only: list };
    this.clearSelected();
  }

  /** Opens the image at an index, clamped to the range. */
  openAt(index: number): void {
    const clamped = Math.min(Math.max(index, 0), this.images.length - 1);
    const image = this.images[clamped];
    if (!image) return;
    this.#lastIndex = clamped;
    this.requestedId = image.id;
  }

  /** Opens an image. If its class is not selected, selects all classes. */
  open(image: DatasetImage): void {
    if (this.#datasets.textureClass !== undefined && this.#datasets.textureClass !== image.textureClass)
      this.#datasets.textureClass = undefined;
    this.requestedId = image.id;
    if (this.index >= 0) this.#lastIndex = this.index;
  }

  /**
   * Opens the image a number of steps away. If the open image was filtered out, the next image now has its
   * index.
   */
  move(steps: number): void {
    if (this.index >= 0) this.openAt(this.index + steps);
    else this.openAt(this.#lastIndex + (steps > 0 ? steps - 1 : steps));
  }

  /** The open image and those up to `radius` steps away, nearest first. */
  neighbors(radius: number): DatasetImage[] {
    const { index, image } = this;
    const near = image ? [image] : [];
    const at = index < 0 ? this.#lastIndex : index;
    for (let distance = 1; distance <= radius; distance++)
      for (const neighbor of [this.images[at + distance], this.images[at - distance]])
        if (neighbor) near.push(neighbor);
    return near;
  }

  /** The images that an action applies to: the selected ones, or the open one. */
  get targets(): readonly DatasetImage[] {
    const selected = this.images.filter(({ id }) => this.selected.has(id));
    return selected.length === 0 && this.image ? [this.image] : selected;
  }

  /** Selects or deselects an image. */
  toggle(image: number): void {
    const selected = new Set(this.selected);
    if (!selected.delete(image)) selected.add(image);
    this.selected = selected;
    this.#anchor = image;
  }

  /** Selects the range from the anchor to an index, and opens the image there. */
  extendTo(index: number): void {
    const anchor = this.#anchor ?? this.image?.id;
    const from = (anchor === undefined ? undefined : this.#indexById.get(anchor)) ?? index;
    this.openAt(index);
    const [first, last] = [Math.min(from, this.index), Math.max(from, this.index)];
    this.selected = new Set(this.images.slice(first, last + 1).map(({ id }) => id));
    this.#anchor = anchor;
  }

  selectAll(): void {
    this.selected = new Set(this.images.map(({ id }) => id));
  }

  clearSelected(): void {
    this.selected = new Set();
    this.#anchor = undefined;
  }
}

export const [getSelection, setSelection] = createContext<ImageSelection>();
