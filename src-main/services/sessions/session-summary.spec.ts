import { describe, expect, it } from 'vitest';
import type { GroundTruth } from '../../common/api/datasets.ts';
import type { Session, Verdict } from '../../common/api/sessions.ts';
import { type VerdictContext, summarizeSession } from './session-summary.ts';

const START = '2026-03-02T08:00:00.000Z';
const session: Session = {
  id: 1,
  name: 'Early shift',
  operator: 'Ada',
  dataset: 1,
  method: 2,
  filter: '',
  createdAt: START,
  endedAt: null,
  total: 6,
  reviewed: 6,
};

const reviewed = (
  verdict: Verdict,
  groundTruth: GroundTruth,
  score: VerdictContext['score'],
  defectType = '',
): VerdictContext => ({
  imageVerdict: { image: 0, verdict, defectType, note: '', at: START },
  groundTruth,
  score,
});

const after = (...seconds: number[]) =>
  [0, ...seconds].map((each) => new Date(Date.parse(START) + 1000 * each).toISOString());

describe('the summary of a session', () => {
  const images = [
    reviewed('reject', 'masked', 'above', 'hole'),
    reviewed('reject', 'masked', 'below', 'stain'),
    reviewed('reject', 'unknown', 'unknown', 'hole'),
    reviewed('accept', 'normal', 'below'),
    reviewed('accept', 'masked', 'below'),
    reviewed('unsure', 'normal', 'above'),
  ];
  const summary = summarizeSession(session, images, after(2, 4, 6, 3606));

  it('counts verdicts against ground truth and against score', () => {
    expect(summary.verdicts).toEqual({ accept: 2, reject: 3, unsure: 1 });
    expect(summary.byGroundTruth).toEqual({
      accept: { unknown: 0, normal: 1, masked: 1 },
      reject: { unknown: 1, normal: 0, masked: 2 },
      unsure: { unknown: 0, normal: 1, masked: 0 },
    });
    expect(summary.byScore.reject).toEqual({ above: 1, below: 1, unknown: 1 });
  });

  it('leaves unsure verdicts and unknown images out of kappa', () => {
    // reject: 2 masked, 0 normal; accept: 1 masked, 1 normal. observed 3/4, expected 1/2.
    expect(summary.kappaGroundTruth).toBe(0.5);
    // reject: 1 above, 1 below; accept: 0 above, 2 below. observed 3/4, expected 1/2.
    expect(summary.kappaScore).toBe(0.5);
  });

  it('lists defect types by frequency', () => {
    expect(summary.defectTypes).toEqual([
      { defectType: 'hole', images: 2 },
      { defectType: 'stain', images: 1 },
    ]);
  });

  it('uses the median pace, which a break does not change', () => {
    expect(summary.secondsPerImage).toBe(2);
  });

  it('has no values for an empty session', () => {
    expect(summarizeSession(session, [], after())).toMatchObject({
      verdicts: { accept: 0, reject: 0, unsure: 0 },
      kappaGroundTruth: null,
      kappaScore: null,
      defectTypes: [],
      secondsPerImage: null,
    });
  });
});
