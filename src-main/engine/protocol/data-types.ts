import type { InspectionRegion } from '../../common/api/regions.ts';
import type { Provider } from '../../common/api/schemas.ts';

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
