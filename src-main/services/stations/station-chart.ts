import type { StationChart } from '../../common/api/station.ts';
import type { Store } from '../../store/store.ts';
import { shiftAt } from './shift-at.ts';

/** Latest pieces of a chart. */
const MOST = 5000;

/** The image scores of a station's pieces of a shift, with the limits of its recipe. */
export function stationChart(store: Store, id: number, shift?: string): StationChart {
  const station = store.stations.get(id);
  const { calibration, thresholds } = store.recipes.get(station.recipe).latest.definition;
  const good = calibration?.goodScores;
  const wanted = shift ?? shiftAt(new Date(), station.shifts).shift;
  return {
    limits: good ? { low: good.min, center: good.median, high: good.max } : null,
    thresholds,
    points: store.pieces
      .listScored(id, { shift: wanted, limit: MOST })
      .flatMap(({ verdict: _, score, ...point }) => (score === null ? [] : [{ ...point, score }])),
  };
}
