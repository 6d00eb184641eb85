import { describe, expect, it, vi } from 'vitest';
import { PerchError } from '../../../src-main/common/api/errors.ts';
import type { StationChart } from '../../../src-main/common/api/station.ts';
import { aPiece } from '../test/stations.ts';
import { PieceChart } from './piece-chart.svelte.ts';

type Client = ConstructorParameters<typeof PieceChart>[0];

const point = (sequence: number) => ({
  piece: sequence,
  sequence,
  at: '2026-03-01T06:00:00.000Z',
  score: 0.01,
  decision: 'pass' as const,
});

function setup(points: StationChart['points']) {
  const limits = { low: 0.001, center: 0.01, high: 0.02 };
  const chart = vi.fn(async () => ({ points, limits, thresholds: { review: 0.018, reject: 0.02 } }));
  return { chart, pieces: new PieceChart({ stations: { chart } } as unknown as Client) };
}
const { signal } = new AbortController();

describe('the control chart of a station', () => {
  it('grows with each piece that counts and has a score, once', async () => {
    const { pieces } = setup([point(1), point(2)]);
    await pieces.load(1, signal);
    const arrived = [
      aPiece({ sequence: 2 }),
      aPiece({ sequence: 3 }),
      aPiece({ sequence: 4, score: null, state: 'failed' }),
      aPiece({ sequence: 5, duplicateOf: 3 }),
      aPiece({ sequence: 6 }),
    ];
    pieces.add(arrived);
    pieces.add(arrived);
    expect(pieces.points.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 6]);
    expect([pieces.limits?.center, pieces.loaded]).toEqual([0.01, true]);
    pieces.clear();
    expect([pieces.points, pieces.loaded]).toEqual([[], false]);
  });

  it('keeps the latest pieces only', async () => {
    const { pieces } = setup(Array.from({ length: 5000 }, (_, at) => point(at + 1)));
    await pieces.load(1, signal);
    pieces.add([aPiece({ sequence: 5001 })]);
    expect([pieces.points.length, pieces.points.at(-1)?.sequence]).toEqual([150, 5001]);
  });

  it('says why it cannot be loaded, unless another one is wanted already', async () => {
    const { chart, pieces } = setup([]);
    chart.mockRejectedValue(new PerchError('NOT_FOUND', 'No such station.'));
    await pieces.load(1, AbortSignal.abort());
    expect(pieces.failure).toBe('');
    await pieces.load(1, signal);
    expect(pieces.failure).toBe('No such station.');
  });
});
