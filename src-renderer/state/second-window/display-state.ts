import type { Point } from '../../viewer/viewport.ts';
import type { DisplayRangeState } from '../../viewer/display-range.svelte.ts';
import type { ColormapName } from '../../../src-main/common/maps/colormaps.ts';

/** What the second window needs to show the image of the first: ids and how the image is looked at, no pixels. */
export interface DisplayState {
  dataset: number | undefined;
  textureClass: string | undefined;
  method: number | undefined;
  image: number | undefined;
  /** The threshold of the contour; undefined where the suggested one applies. */
  threshold: number | undefined;
  /** Whether ground truth is hidden, as in a blind review. */
  hidden: boolean;
  /** The part of the image in view: its center in pixels and the zoom relative to the whole image; undefined for all of it. */
  view: (Point & { zoom: number }) | undefined;
  looks: DisplayLooks;
  range: DisplayRangeState;
}

/** The settings of the viewer that both windows share, by their names in `Viewing`. */
export interface DisplayLooks {
  contour: boolean;
  truth: boolean;
  tinted: boolean;
  blended: boolean;
  opacity: number;
  scaleOf: 'class' | 'image';
  chosenColors: ColormapName;
  smooth: boolean;
}
