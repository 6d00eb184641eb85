import type { Size } from '../../../common/geometry.ts';
import type { AnomalyMap } from '../../../common/maps/anomaly-map.ts';
import { pasteFeatures } from '../../../methods/crop-features.ts';
import type { ScoreSink } from './score-blocks.ts';

/** Collects scores in memory. */
export function memorySink({ width, height }: Size): ScoreSink & { map: AnomalyMap } {
  const map = { values: new Float32Array(width * height), width, height };
  const sink = {
    done: 0,
    map,
    write: async (inner: Parameters<ScoreSink['write']>[0], values: Float32Array) => {
      pasteFeatures({ ...map, channels: 1 }, { ...inner, values, channels: 1 }, inner);
      sink.done++;
    },
  };
  return sink;
}
