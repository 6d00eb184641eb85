import type { Point } from '../../../common/geometry.ts';
import type { ErrorReport } from '../../../common/api/errors.ts';
import type { AnomalyMap } from '../../../common/maps/anomaly-map.ts';
import type { TileAddress } from '../../../common/tiles.ts';
import type { PlacedMap } from '../../../common/maps/placed-map.ts';
import type { RegionSizeLimits } from '../../../common/maps/split-by-size.ts';
import type { ScoredMap } from '../../../methods/image-scorer.ts';
import type { ScoringSettings } from '../../../methods/scoring-settings.ts';

/** Requests on anomaly maps in files. */
export interface MapRequests {
  /** Reads a file with an anomaly map from another program. */
  readMap: {
    request: { path: string };
    response: {
      map: AnomalyMap;
      /** Number of neighboring scores that differ in the file and are equal in float32. */
      merged: number;
    };
  };
  /** Reads a tile of a map of the store, as `readTile` does. */
  readMapTile: {
    request: { path: string; tile: TileAddress };
    /** NPY: float32, H x W. */
    response: { bytes: Uint8Array };
  };
  /** Makes the reduced levels of a map of the store, which `readMapTile` reads. */
  makeMapLevels: {
    request: { path: string };
    response: Record<string, never>;
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
}
