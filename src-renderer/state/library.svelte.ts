import type { Image } from '../../src-main/api/schemas.ts';
import { idsOf } from './ids.ts';
import { OpenImage } from './open-image.svelte.ts';
import { TextureClass } from './texture-class.svelte.ts';

/** The images that are open, by texture class, and which of them is looked at. */
export class Library {
  classes = $state.raw<TextureClass[]>([]);
  /** All images in the order they are shown: class by class. */
  readonly images: OpenImage[] = $derived(this.classes.flatMap(({ images }) => images));
  selected = $state.raw<OpenImage>();
  readonly index: number = $derived(this.selected ? this.images.indexOf(this.selected) : -1);
  readonly selectedClass: TextureClass | undefined = $derived(
    this.classes.find(({ name }) => name === this.selected?.image.textureClass),
  );

  /** Shows images beside those that are open already; the first new one is looked at where none was. */
  add(images: readonly Image[]): void {
    const known = idsOf(this.images.map(({ image }) => image));
    const added = images.filter(({ id }) => !known.has(id)).map((image) => new OpenImage(image));
    this.#group([...this.images, ...added]);
    this.selected ??= this.images[0];
  }

  /** Closes what the host no longer has. */
  keepOnly(ids: ReadonlySet<string>): void {
    const at = this.index;
    this.#group(this.images.filter(({ image }) => ids.has(image.id)));
    if (!this.selected || !ids.has(this.selected.image.id)) {
      this.selected = this.images[Math.min(Math.max(at, 0), this.images.length - 1)];
    }
  }

  select(index: number): void {
    this.selected = this.images[Math.min(Math.max(index, 0), this.images.length - 1)] ?? this.selected;
  }

  /** The images before and after the one that is looked at, nearest first. */
  neighbours(reach: number): OpenImage[] {
    const near: OpenImage[] = [];
    for (let distance = 1; distance <= reach; distance++) {
      for (const index of [this.index + distance, this.index - distance]) {
        if (this.images[index]) near.push(this.images[index]);
      }
    }
    return near;
  }

  /** Classes keep their place and their threshold as long as they have images. */
  #group(images: OpenImage[]): void {
    const grouped = Map.groupBy(images, ({ image }) => image.textureClass);
    this.classes = [...grouped].map(([name, members]) => {
      const textureClass = this.classes.find((present) => present.name === name) ?? new TextureClass(name);
      textureClass.images = members;
      return textureClass;
    });
  }
}
