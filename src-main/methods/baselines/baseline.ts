import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { Execution, RgbImage } from '../types.ts';

/** The outcome of a whole-image method. */
export interface BaselineMap {
  map: AnomalyMap;
  /** Size in pixels of the area that the map spans; beyond the image where it does not divide evenly. */
  extentHeight: number;
  extentWidth: number;
}

/**
 * A method that the paper compares with (Table 3) and that is not a choice from the three families: an image in, an anomaly
 * map out. Results depend on nothing but the image.
 */
export interface Baseline {
  name: string;
  /** One line for choosers. */
  title: string;
  /** What an image of that size needs: working memory, and seconds on one thread of a server processor. */
  estimate(size: { height: number; width: number }): { bytes: number; seconds: number };
  /** Takes images of any size from 1 x 1 up, in bounded memory. */
  map(image: RgbImage, execution: Execution): Promise<BaselineMap>;
}
