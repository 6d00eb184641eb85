import type { InspectionRegion } from '../../../common/api/regions.ts';
import type { ReadingNote } from '../../../common/api/reading-notes.ts';
import type { AnyMethod, Provider, ProviderChoice, SetMethod } from '../../../common/api/schemas.ts';
import type { PlacedMap } from '../../../common/maps/placed-map.ts';
import type { FeatureMap, Isa } from '../../../methods/types.ts';
import type {
  FeatureSet,
  ImageSource,
  NormalImage,
  ProviderReport,
  StageSeconds,
  StatisticReport,
} from '../data-types.ts';

/** Requests that compute anomaly maps, and what they consist of. */
export interface InspectionRequests {
  /** Computes the anomaly map of an image file. */
  inspect: {
    request: NormalImage & {
      method: AnyMethod;
      /** Normal images, for methods with a memory bank. */
      normal?: NormalImage[];
      /** The part of the image that is inspected; the whole image if absent. */
      region?: InspectionRegion | null;
      maxPixels: number;
      /** Whether `renderInspection` follows: the decoded pixels are then kept for it, up to a limit. */
      keepPixels?: boolean;
      provider: ProviderChoice;
    };
    response: {
      /** With the request's region. */
      placed: PlacedMap;
      /** What the reader ignored, guessed or changed. */
      notes: ReadingNote[];
      /** Seconds of each stage. A cached stage counts the time that it took when it was computed. */
      seconds: StageSeconds;
      provider: Provider;
      /** What ran where, if references or statistics ran on a GPU, or should have; for display. */
      statisticDevice?: string;
      /** SHA-256 of the inspected file. */
      imageSha256: string;
      /** SHA-256 of the added model that was used; null if none was. */
      modelSha256: string | null;
      /** Patch size and parameters that were chosen for this image; absent if the method fixes them. */
      chosen?: Record<string, number>;
      /** The score that the network itself gives the image; absent if it gives none. */
      imageScore?: number;
    };
  };
  /**
   * Computes the anomaly maps of images by comparing them with the others of a set. Each map is sent as a part as soon as it is
   * complete; images that cannot be used come first.
   */
  inspectSet: {
    request: {
      /** The images to score. */
      images: NormalImage[];
      /** The images to compare with. An image to score is not compared with itself. */
      set: NormalImage[];
      method: SetMethod;
      region?: InspectionRegion | null;
      /** Folder for the features, which later requests reuse. */
      features: string;
      maxPixels: number;
      /** As for `inspect`. */
      keepPixels?: boolean;
      provider: ProviderChoice;
    };
    response: Record<string, never>;
  };
  /** The first half of a method: extracts scaled features from an image file. */
  extract: {
    request: Omit<ImageSource, 'crop'> & {
      extractor: string;
      resize: number | undefined;
      maxPixels: number;
      provider: ProviderChoice;
    };
    response: { features: FeatureMap; notes: ReadingNote[]; seconds: StageSeconds; provider: Provider };
  };
  /** The second half of a method: computes an anomaly map, H x W, from features. */
  score: {
    request: {
      features: FeatureMap;
      statistic: string;
      reference: string | undefined;
      /** Parameters of the statistic. */
      parameters: Record<string, number>;
      isa?: Isa | 'auto';
    };
    response: { values: Float32Array; seconds: StageSeconds };
  };
  /** The same for comparisons with other images: computes the anomaly maps, N x H x W, of the features of a set. */
  scoreSet: {
    request: {
      features: FeatureSet;
      /** Features of normal images, for comparisons with them; their height and width may differ. */
      normal?: FeatureSet;
      comparison: string;
      parameters: Record<string, number>;
      isa?: Isa | 'auto';
    };
    response: { values: Float32Array; seconds: StageSeconds };
  };
  /** Reports the peak resident memory of the engine's process since its start. */
  peakMemory: { request: Record<string, never>; response: { bytes: number } };
  /** Finds out which execution providers and which devices of statistics work on this machine. */
  probeProviders: {
    request: Record<string, never>;
    response: { providers: ProviderReport[]; statistic: StatisticReport };
  };
  /** The GPU on which references and statistics run first; null if they run on the CPU. */
  statisticDevice: {
    request: { provider: ProviderChoice };
    response: { name: string | null };
  };
}
