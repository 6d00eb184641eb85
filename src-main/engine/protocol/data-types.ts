import type { Crop } from '../../common/geometry.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { RollDirection } from '../../common/api/rolls.ts';
import type { Provider, Stage } from '../../common/api/schemas.ts';
import type { Shape } from '../../methods/types.ts';

/** Seconds by stage. */
export type StageSeconds = Partial<Record<Stage, number>>;

/** An image to read: a file, a page of a TIFF file (`FILE#N`), a folder of frames, or a part of one of them. */
export interface ImageSource {
  path: string;
  /** The direction in which the frames of a folder are stacked; `down` by default. */
  direction?: RollDirection | undefined;
  /** The part of the file that is the image; the whole file by default. */
  crop?: Crop;
  /** Significant bits of 16-bit samples; derived from the image's own values by default. */
  bitDepth?: number;
}

/** A normal image that a method compares with the inspected one. */
export interface NormalImage extends ImageSource {
  /** Expected SHA-256 of the file, if known. */
  sha256?: string;
}

/** A mask as PNG, 0 or 255, and the number of pixels that are 255. */
export interface EncodedMask {
  png: Uint8Array;
  pixels: number;
}

/** The features of N images of one size: `values` is N x C x H x W. */
export interface FeatureSet extends Shape {
  values: Float32Array;
  count: number;
}

/** The mask file of a frame, and the frame's place along its roll in pixels. */
export interface FrameMask {
  path: string;
  offset: number;
  length: number;
}

/** A shape of an annotation format. */
export type MaskShape =
  /** Closed polygons, filled by the even-odd rule. */
  | { rings: number[][] }
  /** COCO run lengths over the whole mask. */
  | { counts: number[] }
  /** A PNG whose nonzero pixels are inside, with the position of its top left corner. */
  | { png: Uint8Array; left: number; top: number };

/** One image of an ingested file: the whole file, a page, or a tile of a strip. */
export interface IngestedTile {
  /** Set for tiles of a strip. */
  crop?: Crop;
  /** Page number from 1, set if the file has several pages. */
  page?: number;
  /** The range of values in use, for 16-bit files that do not declare which value is white. */
  used?: UsedRange;
  width: number;
  height: number;
  /** WebP that fits 192 x 192 pixels. */
  thumbnail: Uint8Array;
  /** Whether the tile shows nothing but fabric; true for whole files and pages. */
  insideFabric: boolean;
  /** The part of the merged mask that belongs to the tile; absent if there is no usable mask. */
  mask?: EncodedMask;
}

/** The range of values that a 16-bit image uses. */
export interface UsedRange {
  /** The smallest of 10, 12, 14 and 16 bits that holds all values. */
  bits: number;
  /** Mean value, 0 to 65535. */
  mean: number;
}

/** A linear transform of scores to values that float32 holds without merging neighbors. It keeps their order. */
export interface ScoreShift {
  /** The score that becomes 0. */
  low: number;
  /** The divisor. */
  range: number;
}

/** The files of an anomaly map and of the ground truth of its image. */
export interface LabeledMapFile {
  /** Path of the map, in a format that `readMap` reads. */
  map: string;
  /** Path of the mask, of the image's size; undefined if the image is normal or has no mask. */
  mask: string | undefined;
  /** Whether the image is defective according to its folder. Its pixels are unknown if no mask marks any of them. */
  isDefective?: boolean;
  /** Size of the image, and of the part of it that the map covers, in pixels. */
  width: number;
  height: number;
  extentWidth: number;
  extentHeight: number;
  /** The part of the image that is inspected; the whole image if absent. */
  region?: InspectionRegion | null | undefined;
  /** The score that the method itself gives the image; absent if the maximum of the map is its score. */
  imageScore?: number | undefined;
  /** Applied to the scores before they become float32. */
  shift?: ScoreShift;
}

/** Whether models can run on an execution provider. */
export interface ProviderReport {
  provider: Provider;
  usable: boolean;
  /** Why the provider is unusable, and what to do about it if anything helps. */
  reason?: string;
}

/** Whether references and statistics can run on a GPU, with the CUDA kernels. */
export interface StatisticReport {
  usable: boolean;
  /** Name and compute capability. */
  device?: string;
  /** Why they are unusable, and what to do about it if anything helps. */
  reason?: string;
}
