import { pixelSize, type Direction, type PixelSize, type Scale } from '../../../src-main/common/scale.ts';
import { getSelection, type ImageSelection } from '../images/image-selection.svelte.ts';
import { getScales, type ScaleStore } from './scale-store.svelte.ts';

/** The scale of the open image, which is that of its class. */
export class ImageScale {
  readonly #selection: ImageSelection;
  readonly #scales: ScaleStore;
  readonly direction: Direction = 'down';
  readonly scale: Scale | undefined = $derived.by(() => this.#scales.of(this.#selection.image?.textureClass));
  /** Width and height of a pixel in millimeters; undefined if they are unknown. */
  readonly pixel: PixelSize | undefined = $derived(this.scale && pixelSize(this.scale, this.direction));

  constructor(selection: ImageSelection, scales: ScaleStore) {
    this.#selection = selection;
    this.#scales = scales;
  }
}

/** The scale of the open image. Call it in a component. */
export const imageScale = (): ImageScale => new ImageScale(getSelection(), getScales());
