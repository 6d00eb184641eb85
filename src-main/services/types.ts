import type { TileAddress } from '../common/tiles.ts';
import type { Contract } from '../common/api/contract.ts';
import type { ServiceOf } from '../common/api/service.ts';
import type { Annotation } from './annotation/annotation.ts';
import type { MethodOptions, StoreTopic } from '../common/api/schemas.ts';

/** Images of datasets, and masks and maps of the store. */
export interface ImageAssets {
  /** The identifier of an image's content, which is the file's SHA-256. @throws PerchError `NOT_FOUND` */
  content(image: number): string;
  /** A dataset image as 8-bit sRGB PNG, oriented; shrunk to fit `side` x `side` if given. */
  png(image: number, side: number | undefined, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * A 16-bit image's values as NPY: float32, C x H x W, 0 to 2^bitDepth - 1.
   *
   * @throws PerchError `NOT_FOUND` if there is no such image or it has 8 bits per channel
   */
  values(image: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** A tile of an image as 8-bit sRGB PNG. @throws PerchError `NOT_YET` while the image is being prepared; `NOT_FOUND` */
  tile(image: number, tile: TileAddress, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** The values of a tile of level 0 of a 16-bit image, as `values`. @throws PerchError as `tile` */
  tileValues(image: number, tile: TileAddress, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** A tile of a map as NPY: float32, H x W. @throws PerchError as `tile` */
  mapTile(map: string, tile: TileAddress, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** A blob of the store: mask (PNG) or map (NPY). @throws PerchError `NOT_FOUND` */
  blob(sha256: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** Files that the page uploads. */
export interface Uploads {
  /**
   * Stores an uploaded file in the data directory.
   *
   * @param upload identifies files that were dropped together
   * @param path folders and name of the file in the upload
   * @returns the folder of the upload, to be imported
   */
  receive(upload: string, path: readonly string[], bytes: AsyncIterable<Uint8Array>): Promise<string>;
}

/** The state of the engine. */
export interface EngineState {
  engine: 'starting' | 'ready' | 'busy' | 'stopped';
  device: string;
  warnings: string[];
}

/** The current state, then every new state, until aborted. */
export interface EngineWatch {
  watch(signal: AbortSignal): AsyncGenerator<EngineState>;
}

/** Changes of the store by any process. */
export interface ChangeWatch {
  watch(signal: AbortSignal): AsyncGenerator<{ topics: StoreTopic[] }, void, void>;
}

/** All services. Every host has the same ones. */
export interface Services {
  imageAssets: ImageAssets;
  uploads: Uploads;
  engine: EngineWatch;
  changes: ChangeWatch;
  methods: { options(): MethodOptions } & Omit<ServiceOf<Contract['methods']>, 'options'>;
  /** Implemented by the host, which has the native dialog. */
  datasets: Omit<ServiceOf<Contract['datasets']>, 'choose'>;
  runs: ServiceOf<Contract['runs']> & {
    /** Claims orphaned runs, now and later. For long-running hosts. */
    claimOrphans(): void;
    /** Uses a queue that the user named for this process. @throws PerchError `INVALID_ARGUMENT` if its URL is invalid or has a password */
    useQueue(target: { url?: string; address?: string }): void;
  };
  evaluation: ServiceOf<Contract['evaluation']>;
  sessions: ServiceOf<Contract['sessions']>;
  recipes: ServiceOf<Contract['recipes']>;
  regions: ServiceOf<Contract['regions']>;
  rolls: ServiceOf<Contract['rolls']>;
  scales: ServiceOf<Contract['scales']>;
  stations: ServiceOf<Contract['stations']> & {
    /** Watches stations whose process has ended, now and later. For long-running hosts. */
    claimOrphans(): void;
  };
  annotation: Annotation;
  settings: ServiceOf<Contract['settings']>;
  models: ServiceOf<Contract['models']>;
  storage: ServiceOf<Contract['storage']>;
  outputs: ServiceOf<Contract['outputs']> & {
    /** Delivers pending messages, now and later. For long-running hosts and while a station is watched. */
    deliver(): void;
  };
  audit: ServiceOf<Contract['audit']>;
  /** Stops the engine and closes the store. */
  close(): Promise<void>;
}
