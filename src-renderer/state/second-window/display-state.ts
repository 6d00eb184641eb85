import type { Point } from '../../viewer/viewport.ts';
import type { DisplayRangeState } from '../../viewer/display-range.svelte.ts';
import type { ColormapName } from '../../../src-main/common/maps/colormaps.ts';

/** The state that a second window needs: ids and view settings, no pixels. */
export interface DisplayState {
  dataset: number | undefined;
  textureClass: string | undefined;
  method: number | undefined;
  image: number | undefined;
  /** The threshold of the contour; undefined if the suggested one applies. */
  threshold: number | undefined;
  /**
   * What a blind review hides: the name that replaces the image's name, and whether the heatmap is also
   * hidden. Undefined if nothing is hidden.
   */
  hidden: { name: string; heatmap: boolean } | undefined;
  /** The visible part: its center in pixels, and the zoom relative to the whole image. Undefined for the whole image. */
  view: (Point & { zoom: number }) | undefined;
  settings: SharedViewSettings;
  range: DisplayRangeState;
}

/** The view settings that both windows share; properties of `ViewerState`. */
export interface SharedViewSettings {
  contour: boolean;
  groundTruth: boolean;
  groundTruthFilled: boolean;
  heatmapOnOverlay: boolean;
  opacity: number;
  heatmapRangeOf: 'class' | 'image';
  selectedColors: ColormapName;
  smooth: boolean;
}
