import type { Problem } from '../../common/api/datasets.ts';
import type { Crop, Point, Size } from '../../common/geometry.ts';
import type { ErrorReport } from '../../common/api/errors.ts';
import type { Curves } from '../../common/api/evaluation.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { RollDirection, RollFrame } from '../../common/api/rolls.ts';
import type { PixelSize } from '../../common/scale.ts';
import type { ReadingNote } from '../../common/api/reading-notes.ts';
import type { AnyMethod, Provider, ProviderChoice, SetMethod, Stage } from '../../common/api/schemas.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { TileAddress } from '../../common/tiles.ts';
import type { MaskRegion } from '../../common/maps/mask-polygons.ts';
import type { PlacedMap } from '../../common/maps/placed-map.ts';
import type { RegionSizeLimits } from '../../common/maps/split-by-size.ts';
import type { ValueRange } from '../../common/maps/value-range.ts';
import type { Preprocessing } from '../../methods/extractors/backbone.ts';
import type { ModelInput, Normalization } from '../../methods/extractors/model-input.ts';
import type { TokenLayout } from '../../methods/extractors/token-map.ts';
import type { ScoredMap } from '../../methods/image-scorer.ts';
import type { ScoringSettings } from '../../methods/scoring-settings.ts';
import type { NetworkGraph } from '../../methods/networks/network-map.ts';
import type { WantedOutputs } from '../../methods/networks/network-outputs.ts';
import type { FeatureMap, Isa, Shape } from '../../methods/types.ts';
import type { ResampledMetrics } from '../../metrics/bootstrap.ts';
import type { ClassMetrics } from '../../metrics/metric-accumulator.ts';
import type { ImageDeclaration, Layout } from '../../models/onnx/image-declaration.ts';
import type { BuiltGraph, LayerSelection, Precision } from '../../models/networks/network.ts';
import type { UsedRange, LabeledMapFile, ProviderReport, StatisticReport } from './data-types.ts';

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

/** The requests of the host to the engine, by kind. Requests and responses are copied between the processes. */
/** The mask file of a frame, and the frame's place along its roll in pixels. */
export interface FrameMask {
  path: string;
  offset: number;
  length: number;
}

export interface EngineRequests {
  /** Computes the anomaly map of an image file. */
  inspect: {
    request: NormalImage & {
      method: AnyMethod;
      /** Normal images, for methods with a memory bank. */
      normal?: NormalImage[];
      /** The part of the image that is inspected; the whole image if absent. */
      region?: InspectionRegion | null;
      maxPixels: number;
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
  /** Reads a model file and writes the graph of the requested layer or network to the file `to`. */
  readModel: {
    request: { path: string; to: string } & (
      | { layer: string | undefined; layout?: Layout | undefined }
      /** A network that computes anomaly maps: all its outputs. */
      | { map: true; layout?: Layout | undefined }
      /** A network that is built from the weights of a checkpoint. */
      | ({ network: string; precision: Precision } & LayerSelection)
    );
    response: {
      /** Size and SHA-256 of the written graph. */
      bytes: number;
      sha256: string;
      /** SHA-256 of the file that was read. */
      sourceSha256: string;
      /** What the graph itself does; absent if Perch did not build it. */
      built?: BuiltGraph;
      /** The input of an ONNX file, as the file declares it. */
      input?: ImageDeclaration;
      /** The operators that first compute with the pixels, in a network that computes anomaly maps. */
      firstOperations?: string[];
    };
  };
  /** Runs a graph on test images before it is added as an extractor. Compares its features with those of `exact`, if given. */
  probeModel: {
    request: { graph: ProbedGraph; exact?: ProbedGraph };
    response: { channels: number; stride: number; deviation?: { largest: number; mean: number } };
  };
  /** Finds the tokens of patches in the output of a transformer, before it is added as an extractor. */
  findTokens: {
    request: {
      file: string;
      input?: ModelInput;
      normalization: Normalization | null;
      /** The only size of images that the graph takes, if it does not take all. */
      size?: Size;
      /** What the user knows of the tokens. */
      leading?: number;
      grid?: Size;
    };
    response: { tokens: TokenLayout; multiple?: number };
  };
  /** Runs a network on test images before it is imported, and finds its outputs. */
  probeNetwork: {
    request: { file: string; graph: NetworkGraph; wanted: WantedOutputs };
    response: {
      outputs: { map: string; score: string | null };
      /** Sides of images must be multiples of it. */
      multiple: number;
      /** Time of a run, per pixel of the input. */
      secondsPerPixel: number;
      /** Whether all scores of the map of a textured image are equal. */
      isConstant: boolean;
    };
  };
  /** Finds out which execution providers and which devices of statistics work on this machine. */
  probeProviders: {
    request: Record<string, never>;
    response: { providers: ProviderReport[]; statistic: StatisticReport };
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
  /** Reads a file with an anomaly map from another program. */
  readMap: {
    request: { path: string };
    response: {
      map: AnomalyMap;
      /** Number of neighboring scores that differ in the file and are equal in float32. */
      merged: number;
    };
  };
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
  /** The same for a map of the store. */
  readMapTile: {
    request: { path: string; tile: TileAddress };
    /** NPY: float32, H x W. */
    response: { bytes: Uint8Array };
  };
  /** Proposes inspection regions from an image's appearance; none if nothing is clear. */
  proposeRegions: {
    request: ImageSource & Size & { maxPixels: number };
    response: { proposals: { title: string; region: InspectionRegion }[] };
  };
  /** The size of a pixel in millimeters that an image file declares, after EXIF orientation; absent if it declares none. */
  readResolution: {
    request: { path: string };
    response: { pixel?: PixelSize };
  };
  /** Makes the reduced levels of a map of the store, which `readMapTile` reads. */
  makeMapLevels: {
    request: { path: string };
    response: Record<string, never>;
  };
  /** Converts a drawn mask, a mask file or masks of frames to the form in the store. */
  normalizeMask: {
    request: {
      mask:
        | { png: Uint8Array }
        | { path: string; maxPixels: number }
        /** Masks of frames of a roll, which are stacked. */
        | { frames: FrameMask[]; direction: RollDirection };
      /** Size of the image. The mask must have the same size. */
      width: number;
      height: number;
      /** Path of the image, so that a mask in sensor orientation can be rotated with it. */
      image?: string;
    };
    response: EncodedMask & {
      /** Problems found in a mask file. */
      problems: Problem[];
    };
  };
  /** Merges shapes into one mask. */
  composeMask: {
    request: { width: number; height: number; shapes: MaskShape[] };
    response: EncodedMask;
  };
  /** Finds the regions of a mask file in the store. */
  findMaskRegions: {
    request: { path: string };
    response: { width: number; height: number; regions: MaskRegion[] };
  };
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
  /** Computes the image scores of maps in the store, by attribute opening. */
  scoreImages: {
    request: {
      maps: {
        path: string;
        /** The map's place on the image. */
        placement: Omit<PlacedMap, 'map' | 'region'>;
      }[];
      settings: ScoringSettings;
    };
    /** A map whose file cannot be read has an error. */
    response: { scores: (ScoredMap | { error: ErrorReport })[] };
  };
  /** Measures the regions of a map in the store that satisfy the size limits, in pixels of the image. Memory does not grow with the map's rows. */
  measureRegions: {
    request: {
      /** Path of the map's file. */
      map: string;
      placement: Omit<PlacedMap, 'map'>;
      threshold: number;
      limits: RegionSizeLimits;
    };
    response: {
      /** In the order of their first positions. */
      regions: {
        area: number;
        /** The highest score and its place. */
        score: number;
        peak: Point;
        center: Point;
        box: { left: number; top: number; width: number; height: number };
      }[];
      /** Number of regions that do not satisfy the limits. */
      smaller: number;
    };
  };
  /** Computes metrics and curves of a class. The curves are decimated. */
  evaluateClass: {
    request: { images: LabeledMapFile[]; ignoreBorder: number; proFprLimit: number };
    response: { metrics: ClassMetrics; curves: Curves };
  };
  /** Counts the pixels of a class by score, in `bins` equal bins from `low` to `high`, by ground truth. */
  scoreHistogram: {
    request: {
      images: (LabeledMapFile & {
        /** Whether the ground truth of the image's pixels is known. */
        known: boolean;
      })[];
      ignoreBorder: number;
      bins: number;
      low: number;
      high: number;
    };
    response: { normal: number[]; anomalous: number[]; unknown: number[] };
  };
  /** Computes the metrics of a class's bootstrap resamples; pixel metrics are interpolated between the thresholds. */
  resampleClass: {
    request: {
      images: LabeledMapFile[];
      ignoreBorder: number;
      proFprLimit: number;
      thresholds: number[];
      resamples: number;
      seed: number;
    };
    response: {
      /** Metrics of all images, each counted once, with the same interpolation. */
      whole: ResampledMetrics;
      /** One for each resample. */
      drawn: ResampledMetrics[];
      /** Numbers of normal and of defective images. */
      normal: number;
      defective: number;
    };
  };
  /** Reports the peak resident memory of the engine's process since its start. */
  peakMemory: { request: Record<string, never>; response: { bytes: number } };
}

export type RequestKind = keyof EngineRequests;

/** A part of the response to `inspectSet` that is sent before its end. */
export type ResponsePart =
  | { type: 'unusable'; image: NormalImage; error: ErrorReport }
  | { type: 'map'; image: NormalImage; answer: EngineRequests['inspect']['response'] };

/** A graph file, and how images are prepared for it. */
type ProbedGraph = { file: string } & Preprocessing;

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

/** The engine's description of itself. */
export interface EngineInfo {
  /** The hardware that runs computations, for display. */
  device: string;
  /** Instruction sets that the native module can use on this CPU, best first; empty if the module was not built. */
  isas: readonly Isa[];
  /** Versions of the engine's components, by name. */
  versions: Record<string, string>;
  /** Permanent problems, each a sentence with its fix. */
  warnings: string[];
}

/** The progress of a request: the completed fraction of its current stage. */
export interface Progress {
  stage: Stage;
  fraction: number;
  /** The expected cost of the stage, sent at its start if known. */
  estimate?: { seconds: number; bytes: number };
}

export type ToEngine =
  | {
      [Kind in RequestKind]: {
        type: 'request';
        id: number;
        kind: Kind;
        request: EngineRequests[Kind]['request'];
      };
    }[RequestKind]
  | { type: 'cancel'; id: number };

export type FromEngine =
  /** Sent at the start, and again whenever `info` changes. */
  | { type: 'ready'; info: EngineInfo }
  | { type: 'progress'; id: number; progress: Progress }
  /**
   * An added model starts to run; it hangs if it runs for longer than the timeout. Null means that it has
   * ended.
   */
  | { type: 'model-run'; id: number; file: string; timeoutSeconds: number | null }
  | { type: 'part'; id: number; part: ResponsePart }
  | { type: 'response'; id: number; response: EngineRequests[RequestKind]['response'] }
  | { type: 'failure'; id: number; error: ErrorReport };
