import type { Problem } from '../../../common/api/datasets.ts';
import type { Size } from '../../../common/geometry.ts';
import type { InspectionRegion } from '../../../common/api/regions.ts';
import type { RollDirection, RollFrame } from '../../../common/api/rolls.ts';
import type { PixelSize } from '../../../common/scale.ts';
import type { TileAddress } from '../../../common/tiles.ts';
import type { ImageSource, IngestedTile, UsedRange } from '../data-types.ts';

/** Requests that read image files and their properties. */
export interface ImageRequests {
  /** Reads the data that an import needs from an image file and its masks. */
  ingestImage: {
    request: {
      path: string;
      /** The direction in which the frames of a folder are stacked; `down` by default. */
      direction?: RollDirection;
      /** Paths of its masks, which are merged. */
      masks: string[];
      /** Whether the image is a strip of fabric, to be cut into square tiles of its height. */
      strip: boolean;
      /** Whether the image is known to be normal. An empty mask is then not reported. */
      normal?: boolean;
      maxPixels: number;
    };
    response: {
      /** SHA-256 of the file, in hexadecimal. */
      sha256: string;
      tiles: IngestedTile[];
      /** EXIF orientation that was applied, 1 to 8. */
      orientation: number;
      /** What the reader ignored, guessed or changed, and masks that are unusable or doubtful. */
      problems: Problem[];
      /** Millimeters per pixel that the file declares, after EXIF orientation; absent if it declares none. */
      resolution?: PixelSize;
      /** The frames of a folder, in order. */
      frames?: RollFrame[];
    };
  };
  /** Converts an image to 8-bit sRGB PNG, scaled down to fit `side` x `side` if `side` is given. */
  preview: {
    request: ImageSource & { side: number | undefined; maxPixels: number };
    response: { png: Uint8Array };
  };
  /** Reads the unscaled values of a 16-bit image. */
  readValues: {
    request: ImageSource & { bitDepth: number; maxPixels: number };
    response: {
      /** NPY, float32, C x H x W, values from 0 to 2^bitDepth - 1. C is 1 for gray images, else 3. */
      npy: Uint8Array;
    };
  };
  /** Finds out how many bits a 16-bit image file's samples use. */
  measureBitDepths: {
    request: { path: string; maxPixels: number };
    response: {
      /** For each page, or for the page in the path: the used range, or null if the file declares which value is white. */
      pages: (UsedRange | null)[];
    };
  };
  /** Reads a tile of an image: level 0 is lossless. Responds with `NOT_YET` while the image is being prepared. */
  readTile: {
    request: {
      source: ImageSource;
      /** The SHA-256 of the image at its import. */
      imported?: string;
      tile: TileAddress;
      /** Whether to read the values of a tile of level 0 instead of its 8-bit pixels. */
      values?: boolean;
    };
    /** PNG, or NPY: float32, C x H x W. */
    response: { bytes: Uint8Array };
  };
  /** The size of a pixel in millimeters that an image file declares, after EXIF orientation; absent if it declares none. */
  readResolution: {
    request: { path: string };
    response: { pixel?: PixelSize };
  };
  /** Proposes inspection regions from an image's appearance; none if nothing is clear. */
  proposeRegions: {
    request: ImageSource & Size & { maxPixels: number };
    response: { proposals: { title: string; region: InspectionRegion }[] };
  };
}
