import type { Crop } from '../../../common/geometry.ts';
import type { MaskRegion } from '../../../common/maps/mask-polygons.ts';
import type { PlacedMap } from '../../../common/maps/placed-map.ts';
import type { RegionSizeLimits } from '../../../common/maps/split-by-size.ts';
import type { ValueRange } from '../../../common/maps/value-range.ts';
import type { ImageSource } from '../data-types.ts';

/** Requests that render pictures for files and reports. */
export interface PictureRequests {
  /**
   * Renders an inspection as PNG files at image size: the heatmap, the image with the outline of the prediction, and the predicted mask.
   * Also finds the regions of the mask, sorted by peak, highest first.
   */
  renderInspection: {
    request: ImageSource & {
      /** Path of the map's file, so that the map need not cross the process boundary again. */
      map: string;
      /** The map's position on the image. */
      placement: Omit<PlacedMap, 'map'>;
      range: ValueRange;
      threshold: number;
      /** The limits that a recipe sets for regions. The mask has only regions that satisfy them. */
      limits?: RegionSizeLimits;
      maxPixels: number;
    };
    response: {
      heatmap: Uint8Array;
      overlay: Uint8Array;
      mask: Uint8Array;
      /** Those that count come first. Without limits, every region counts. */
      regions: (MaskRegion & { counts: boolean })[];
      /** Pixels of the image per pixel of the pictures, along each side; absent if the pictures have the image's size. */
      reduction?: number;
    };
  };
  /** Renders an image and its heatmaps for a report, as JPEG files that fit `side` x `side`. */
  renderReportImages: {
    request: ImageSource & {
      /** Path of its ground truth, which is outlined on the image if given. */
      mask: string | undefined;
      /** Its maps, each with its display range. */
      maps: { placed: PlacedMap; range: ValueRange }[];
      side: number;
      maxPixels: number;
    };
    response: { image: Uint8Array; heatmaps: Uint8Array[] };
  };
  /** Renders parts of an image of any size as JPEG files that fit `side` x `side`, with a frame around the box in each. */
  renderCrops: {
    request: ImageSource & {
      /** Rectangles inside the image, in whole pixels. */
      crops: (Crop & { box: Crop })[];
      side: number;
    };
    response: { pictures: Uint8Array[] };
  };
}
