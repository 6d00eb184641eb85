import { createContext } from 'svelte';
import type { DatasetImage } from '../../../src-main/common/api/datasets.ts';
import type { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import { EMPTY_FILTER, matches, type ImageFacts, type Filter } from './image-filter.ts';
import { DEFAULT_ORDER, sortImages, type Order } from './image-order.ts';

/** Which images of the dataset are worked with, in which order, and which of them is looked at. */
export class ImageSelection {
  filter = $state.raw<Filter>(EMPTY_FILTER);
  order = $state.raw<Order>(DEFAULT_ORDER);
  /** Images marked for something to be done with all of them. */
  selected = $state.raw<ReadonlySet<number>>(new Set());
  /** The image that was asked for, whether or not it is known yet. */
  requestedId = $state<number>();

  /** Images beside each other, and in view at once, where they are shown as a grid. */
  columns = $state(1);
  page = $state(1);

  /** The images of the class that is worked with, or of all classes. */
  readonly scope: readonly DatasetImage[] = $derived.by(() => {
    const { images, textureClass } = this.#datasets;
    return textureClass === undefined
      ? images
      : images.filter((image) => image.textureClass === textureClass);
  });
  /** The images of the review session that is open, in its order: they are worked with, whatever the filter. */
  reviewImages = $state.raw<readonly number[]>();
  /** What the filter lets through, in order. */
  readonly filtered: readonly DatasetImage[] = $derived.by(() =>
    sortImages(
      this.scope.filter((image) => matches(this.filter, image, this.#facts)),
      this.order,
      this.#facts,
    ),
  );
  /** The images that are worked with, in order. */
  readonly images: readonly DatasetImage[] = $derived.by(() => {
    if (!this.reviewImages) return this.filtered;
    const { byId } = this.#datasets;
    return this.reviewImages.flatMap((id) => byId.get(id) ?? []);
  });
  /** The image looked at. It stays while it drops out of the filter, so that nothing vanishes under the eye. */
  readonly image: DatasetImage | undefined = $derived.by(() => {
    const { byId, textureClass } = this.#datasets;
    const wanted = this.requestedId === undefined ? undefined : byId.get(this.requestedId);
    const inScope = textureClass === undefined || wanted?.textureClass === textureClass;
    return wanted && inScope ? wanted : this.images[0];
  });
  /** Its place among the images; -1 while it is none of them. */
  readonly index: number = $derived.by(() => (this.image ? (this.#indexOf.get(this.image.id) ?? -1) : -1));

  readonly #datasets: DatasetStore;
  readonly #facts: ImageFacts;
  readonly #indexOf: ReadonlyMap<number, number> = $derived(
    new Map(this.images.map(({ id }, place) => [id, place])),
  );
  /** Where the image looked at was among the images when it was last one of them. */
  #lastIndex = 0;
  /** Where marking started, which Shift extends from. */
  #anchor: number | undefined;

  constructor(datasets: DatasetStore, facts: ImageFacts) {
    this.#datasets = datasets;
    this.#facts = facts;
  }

  /** Forgets what was chosen among the images of a dataset that is left. */
  reset(): void {
    this.clearFilter();
    this.clearSelected();
    this.requestedId = undefined;
  }

  clearFilter(): void {
    this.filter = EMPTY_FILTER;
  }

  /** Looks at the image at a place, the nearest one there is. */
  select(index: number): void {
    const place = Math.min(Math.max(index, 0), this.images.length - 1);
    const image = this.images[place];
    if (!image) return;
    this.#lastIndex = place;
    this.requestedId = image.id;
  }

  /** Looks at an image of the dataset; one of another class brings all classes back. */
  open(image: DatasetImage): void {
    if (this.#datasets.textureClass !== undefined && this.#datasets.textureClass !== image.textureClass)
      this.#datasets.textureClass = undefined;
    this.requestedId = image.id;
    if (this.index >= 0) this.#lastIndex = this.index;
  }

  /** Steps on by so many images, back where negative. Of one that has dropped out, the next has taken its place. */
  move(steps: number): void {
    if (this.index >= 0) this.select(this.index + steps);
    else this.select(this.#lastIndex + (steps > 0 ? steps - 1 : steps));
  }

  /** The image looked at and those around it, nearest first, as far as `reach` places away. */
  neighbors(reach: number): DatasetImage[] {
    const { index, image } = this;
    const near = image ? [image] : [];
    const at = index < 0 ? this.#lastIndex : index;
    for (let distance = 1; distance <= reach; distance++)
      for (const neighbor of [this.images[at + distance], this.images[at - distance]])
        if (neighbor) near.push(neighbor);
    return near;
  }

  /** The marked images that are shown, in order; without any, the one looked at. */
  get targets(): readonly DatasetImage[] {
    const marked = this.images.filter(({ id }) => this.selected.has(id));
    return marked.length === 0 && this.image ? [this.image] : marked;
  }

  /** Marks an image, or takes its mark back. */
  toggle(image: number): void {
    const marked = new Set(this.selected);
    if (!marked.delete(image)) marked.add(image);
    this.selected = marked;
    this.#anchor = image;
  }

  /** Marks everything from where marking started to a place, and looks at that one. */
  extendTo(index: number): void {
    const anchor = this.#anchor ?? this.image?.id;
    const from = (anchor === undefined ? undefined : this.#indexOf.get(anchor)) ?? index;
    this.select(index);
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
