import {
  pixelSize,
  scaleOfPixel,
  type Direction,
  type PixelSize,
  type Scale,
} from '../../../src-main/common/scale.ts';
import { getSelection, type ImageSelection } from '../images/image-selection.svelte.ts';
import { getRolls, type RollStore } from '../rolls/roll-store.svelte.ts';
import { getScales, type ScaleStore } from './scale-store.svelte.ts';

export interface ImageScaleDeps {
  rolls: Pick<RollStore, 'byImage'>;
  scales: Pick<ScaleStore, 'of'>;
  selection: Pick<ImageSelection, 'image'>;
}

/** The scale of the open image: that of its roll, or else that of its class. */
export class ImageScale {
  readonly #deps: ImageScaleDeps;
  readonly #roll = $derived.by(() => {
    const { rolls, selection } = this.#deps;
    return selection.image && rolls.byImage.get(selection.image.id);
  });
  readonly #ofClass: Scale | undefined = $derived.by(() =>
    this.#deps.scales.of(this.#deps.selection.image?.textureClass),
  );
  readonly #scale: Scale | undefined = $derived(this.#roll?.scale ?? this.#ofClass);
  readonly #direction: Direction = $derived(this.#roll?.direction ?? 'down');
  /** Width and height of a pixel in millimeters; undefined if they are unknown. */
  readonly pixel: PixelSize | undefined = $derived(this.#scale && pixelSize(this.#scale, this.#direction));
  /** The image of a roll whose scale is not that of its class; undefined for all other images. */
  readonly ownRoll: number | undefined = $derived.by(() => {
    const [own, ofClass] = [this.#roll?.scale, this.#ofClass];
    const isOwn = own && !(ofClass && own.across === ofClass.across && own.along === ofClass.along);
    return isOwn ? this.#roll?.image : undefined;
  });

  constructor(deps: ImageScaleDeps) {
    this.#deps = deps;
  }

  /** The scale at which pixels have a size. */
  scaleAt(pixel: PixelSize): Scale {
    return scaleOfPixel(pixel, this.#direction);
  }
}

/** The scale of the open image. Call it in a component. */
export const imageScale = (): ImageScale =>
  new ImageScale({ rolls: getRolls(), scales: getScales(), selection: getSelection() });
