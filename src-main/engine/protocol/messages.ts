import type { Precision } from '../../models/networks/network.ts';
import type { Crop, Problem } from '../../common/api/datasets.ts';
import type { Curves } from '../../common/api/evaluation.ts';
import type { ErrorReport } from '../../common/api/errors.ts';
import type { ReadingNote } from '../../common/api/reading-notes.ts';
import type { AnyMethod, Provider, ProviderChoice, Stage } from '../../common/api/schemas.ts';
import type { UsedRange } from '../readers/bit-depth.ts';
import type { LabeledMapFile } from '../evaluation/load-labeled-map.ts';
import type { ProviderReport } from '../inference/providers.ts';
import type { ValueRange } from '../../common/maps/value-range.ts';
import type { PlacedMap } from '../../common/maps/placed-map.ts';
import type { MaskRegion } from '../../common/maps/mask-polygons.ts';
import type { ClassMetrics } from '../../metrics/metric-accumulator.ts';
import type { Preprocessing } from '../../methods/extractors/backbone.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { FeatureMap, Isa } from '../../methods/types.ts';

/** Seconds by stage. */
export type StageSeconds = Partial<Record<Stage, number>>;

/** What the engine can be asked to do: by kind, the request and its answer. Both cross the process boundary as copies. */
export interface EngineRequests {
  /** From an image file to its anomaly map. */
  inspect: {
    request: {
      path: string;
      /** The part of the file that is the image. */
      crop?: Crop;
      /** Bits that are in use in a 16-bit file; found from its own values where absent. */
      bitDepth?: number;
      /** What the SHA-256 of the file has to be, where that is known. */
      sha256?: string;
      method: AnyMethod;
      /** Normal images, for a method with a memory bank. */
      normal?: NormalImage[];
      maxPixels: number;
      provider: ProviderChoice;
    };
    response: {
      placed: PlacedMap;
      /** What reading the image left out, guessed or changed. */
      notes: ReadingNote[];
      /** What each stage took when it was done, also where this task shared what another had made. */
      seconds: StageSeconds;
      provider: Provider;
      /** SHA-256 of the file's bytes that were inspected. */
      imageSha256: string;
      /** SHA-256 of the added model that was used, null where none was. */
      modelSha256: string | null;
    };
  };
  /** The first half: from an image file to scaled features. */
  extract: {
    request: {
      path: string;
      /** Bits that are in use in a 16-bit file; found from its own values where absent. */
      bitDepth?: number;
      extractor: string;
      resize: number | undefined;
      maxPixels: number;
      provider: ProviderChoice;
    };
    response: { features: FeatureMap; notes: ReadingNote[]; seconds: StageSeconds; provider: Provider };
  };
  /** The second half: from features to an anomaly map, H x W. `parameters` are the statistic's own. */
  score: {
    request: {
      features: FeatureMap;
      statistic: string;
      reference: string | undefined;
      parameters: Record<string, number>;
      isa?: Isa | 'auto';
    };
    response: { values: Float32Array; seconds: StageSeconds };
  };
  /** Reads a model file that somebody brought, and writes the graph that is in it to the file `to`. */
  readModel: {
    request: { path: string; to: string } & (
      | { layer: string | undefined }
      /** A network that is built from a checkpoint. */
      | { network: string; precision: Precision }
    );
    response: {
      /** Of the graph, and its SHA-256. */
      bytes: number;
      sha256: string;
      /** SHA-256 of the file that was read. */
      source: string;
      /** Whether the graph normalises images and scales features itself. */
      inside: boolean;
    };
  };
  /** Tries a graph on probe images before it is added as an extractor, and compares it with an exact one where given. */
  probeModel: {
    request: { graph: ProbedGraph; exact?: ProbedGraph };
    response: { channels: number; stride: number; deviation?: { largest: number; mean: number } };
  };
  /** Which execution providers can be used, each tried once. */
  probeProviders: {
    request: Record<string, never>;
    response: { providers: ProviderReport[] };
  };
  /** An image as 8-bit sRGB PNG, shrunk to fit `side` where given. */
  preview: {
    request: {
      path: string;
      crop?: Crop;
      /** Bits that are in use in a 16-bit file; found from its own values where absent. */
      bitDepth?: number;
      side: number | undefined;
      maxPixels: number;
    };
    response: { png: Uint8Array };
  };
  /** The values of a 16-bit image as its file has them. */
  readValues: {
    request: { path: string; crop?: Crop; bitDepth: number; maxPixels: number };
    response: {
      /** NPY, float32, C x H x W: one plane where the image is gray, three else; 0 to 2^bitDepth - 1. */
      npy: Uint8Array;
    };
  };
  /** The two pictures of a finished inspection, as PNG at image size. */
  renderOverlay: {
    request: {
      path: string;
      crop?: Crop;
      /** Bits that are in use in a 16-bit file; found from its own values where absent. */
      bitDepth?: number;
      placed: PlacedMap;
      range: ValueRange;
      threshold: number;
      maxPixels: number;
    };
    response: { heatmap: Uint8Array; overlay: Uint8Array };
  };
  /** A mask that comes in, drawn or from a file, as PNG of 0 and 255 and the number of its anomalous pixels. */
  normalizeMask: {
    request: {
      mask: { png: Uint8Array } | { path: string; maxPixels: number };
      /** Size that it has to have. */
      width: number;
      height: number;
      /** The image file that it belongs to, so that a mask in the frame of the sensor is turned with it. */
      image?: string;
    };
    response: {
      png: Uint8Array;
      pixels: number;
      /** What is doubtful about the mask of a file. */
      problems: Problem[];
    };
  };
  /** What has to be known of an image file before it is inspected among others. */
  measureBitDepths: {
    request: { path: string; maxPixels: number };
    response: {
      /** Of each page, or of the one that is named: the values in use, null unless it has 16 bits and does not say what white is. */
      pages: (UsedRange | null)[];
    };
  };
  /** The regions of a mask file of the store. */
  findMaskRegions: {
    request: { path: string };
    response: { width: number; height: number; regions: MaskRegion[] };
  };
  /** What of a map reaches a threshold, at image size: PNG of 0 and 255, and its regions with their peaks, the highest first. */
  predictMask: {
    request: { placed: PlacedMap; threshold: number };
    response: { png: Uint8Array; regions: MaskRegion[] };
  };
  /** The union of shapes as a mask: PNG of 0 and 255, and the number of its anomalous pixels. */
  composeMask: {
    request: { width: number; height: number; shapes: MaskShape[] };
    response: { png: Uint8Array; pixels: number };
  };
  /** An anomaly map that was made elsewhere, of a file. */
  readMap: {
    request: { path: string };
    response: {
      map: AnomalyMap;
      /** Neighboring scores that differ in the file and are equal in `map`, for float32 does not hold them. */
      merged: number;
    };
  };
  /** What an import has to know of an image file and the masks that belong to it. */
  ingestImage: {
    request: {
      path: string;
      /** Paths of its masks; several are united. */
      masks: string[];
      /** Whether it is a strip of fabric, to be cut into squares of its height. */
      strip: boolean;
      /** Whether its folder says that it is normal: then a mask that marks nothing is right. */
      normal?: boolean;
      maxPixels: number;
    };
    response: {
      /** SHA-256 of the file's bytes, in hexadecimal. */
      sha256: string;
      parts: IngestedTile[];
      /** EXIF orientation that was applied, 1 to 8. */
      orientation: number;
      /** What reading the image left out, guessed or changed; masks that could not be used or are doubtful. */
      problems: Problem[];
    };
  };
  /** Metrics and curves of a class; the answer's curves are thinned. */
  evaluateClass: {
    request: { images: LabeledMapFile[]; ignoreBorder: number; proFprLimit: number };
    response: { metrics: ClassMetrics; curves: Curves };
  };
  /** Pixels of maps by score, in `bins` equal bins from `low` to `high`, apart by ground truth. */
  scoreHistogram: {
    request: {
      images: (LabeledMapFile & { known: boolean })[];
      ignoreBorder: number;
      bins: number;
      low: number;
      high: number;
    };
    response: { normal: number[]; anomalous: number[]; unknown: number[] };
  };
  /** Small pictures of an image for a report, as JPEG that fits `side` x `side`. */
  renderReportImages: {
    request: {
      path: string;
      crop?: Crop;
      /** Bits that are in use in a 16-bit file; found from its own values where absent. */
      bitDepth?: number;
      /** PNG of its ground truth, outlined on it where given. */
      mask: string | undefined;
      /** Maps of it, each with its display range. */
      maps: { placed: PlacedMap; range: ValueRange }[];
      side: number;
      maxPixels: number;
    };
    response: { picture: Uint8Array; heatmaps: Uint8Array[] };
  };
}

/** A graph that is to be tried, and how images go into it. */
type ProbedGraph = { file: string } & Preprocessing;

/** A normal image that others are compared with: a file, or a part of one. */
export interface NormalImage {
  path: string;
  crop?: Crop;
  /** Bits that are in use in a 16-bit file; found from its own values where absent. */
  bitDepth?: number;
  /** What the SHA-256 of the file has to be, where that is known. */
  sha256?: string;
}

/** A part of a mask in an annotation format. */
export type MaskShape =
  /** Closed lines, filled by the even-odd rule. */
  | { rings: number[][] }
  /** Run lengths of COCO, over the whole mask. */
  | { counts: number[] }
  /** A PNG whose pixels that are not 0 are inside, its left top corner at a place of the mask. */
  | { png: Uint8Array; left: number; top: number };

/** An image file as a whole, a page of it, or a square of a strip. */
export interface IngestedTile {
  /** Absent for the whole file and for a page. */
  crop?: Crop;
  /** Number of the page, from 1, in a file of several. */
  page?: number;
  /** The values in use, for 16-bit files that do not say what white is. */
  used?: UsedRange;
  width: number;
  height: number;
  /** WebP that fits 192 x 192 pixels. */
  thumbnail: Uint8Array;
  /** Whether the square lies wholly on the fabric; true for the whole file. */
  insideFabric: boolean;
  /** PNG, 0 or 255, of the part's size, and how many of its pixels are 255; absent where there is no usable mask. */
  mask?: { png: Uint8Array; pixels: number };
}

export type RequestKind = keyof EngineRequests;

/** What the engine says of itself once it is up. */
export interface EngineInfo {
  /** What computations run on, for people. */
  device: string;
  /** Code paths of the native core that this CPU has, best first; empty where the core was not built. */
  isas: readonly Isa[];
  /** What it is made of, by name. */
  versions: Record<string, string>;
  /** Standing problems, each a sentence with its fix. */
  warnings: string[];
}

/** How far a task has come: `fraction` of its present stage. */
export interface Progress {
  stage: Stage;
  fraction: number;
  /** What the stage is expected to take, told when it begins where that is known. */
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
  | { type: 'ready'; report: EngineInfo }
  | { type: 'progress'; id: number; progress: Progress }
  /** An added network is run for this task; it ends within so many seconds, or the engine is stuck in it. Null: it has ended. */
  | { type: 'network'; id: number; file: string; seconds: number | null }
  | { type: 'response'; id: number; response: EngineRequests[RequestKind]['response'] }
  | { type: 'failure'; id: number; error: ErrorReport };
