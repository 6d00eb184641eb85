import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { Execution, RgbImage } from '../types.ts';

/** The result of a whole-image method. */
export interface BaselineMap {
  map: AnomalyMap;
  /** Size in pixels of the area that the map spans; exceeds the image if its size is not divisible. */
  extentHeight: number;
  extentWidth: number;
}

/**
 * A whole-image method from the paper's comparison (Table 3) that is not composed of the three families. It
 * computes an anomaly map from an image. The result depends only on the image. A baseline is one file here
 * and one line in `baselines/registry.ts`.
 */
export interface Baseline {
  name: string;
  /** One line for lists of choices. */
  title: string;
  /** Cost of an image of this size: working memory, and seconds on one thread of a server processor. */
  cost(size: { height: number; width: number }): { bytes: number; seconds: number };
  /** Accepts images of any size from 1 x 1, in bounded memory. */
  map(image: RgbImage, execution: Execution): Promise<BaselineMap>;
}
