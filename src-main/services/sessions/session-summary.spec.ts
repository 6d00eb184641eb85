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
  blind: false,
  heatmapHidden: false,
  group: null,
  adjudicates: null,
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
  decision: VerdictContext['decision'] = null,
): VerdictContext => ({
  imageVerdict: { image: 0, verdict, defectType, note: '', at: START },
  firstVerdict: verdict,
  groundTruth,
  score,
  decision,
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
    expect(summary.kappaGroundTruth?.value).toBe(0.5);
    // reject: 1 above, 1 below; accept: 0 above, 2 below. observed 3/4, expected 1/2.
    expect(summary.kappaScore?.value).toBe(0.5);
  });

  it("compares verdicts with a recipe's decisions, if a recipe decides an image", () => {
    expect(summary.byDecision).toBeNull();
    const decided = [
      reviewed('reject', 'unknown', 'unknown', '', 'reject'),
      reviewed('reject', 'unknown', 'unknown', '', 'pass'),
      reviewed('accept', 'unknown', 'unknown', '', 'pass'),
      reviewed('accept', 'unknown', 'unknown', '', 'pass'),
      reviewed('accept', 'unknown', 'unknown', '', 'review'),
      reviewed('unsure', 'unknown', 'unknown', '', 'reject'),
      reviewed('accept', 'unknown', 'unknown'),
    ];
    const { byDecision, kappaDecision } = summarizeSession(session, decided, after());
    expect(byDecision).toEqual({
      accept: { pass: 2, review: 1, reject: 0, none: 1 },
      reject: { pass: 1, review: 0, reject: 1, none: 0 },
      unsure: { pass: 0, review: 0, reject: 1, none: 0 },
    });
    // reject: 1 reject, 1 pass; accept: 0 reject, 2 pass. observed 3/4, expected 1/2.
    expect(kappaDecision?.value).toBe(0.5);
  });

  it('counts verdicts that were changed when a blind session no longer hid the image', () => {
    const changed = [{ ...images[0], firstVerdict: 'accept' as const }, images[3]];
    expect(summarizeSession({ ...session, blind: true }, changed, after()).changedAfterReveal).toBe(1);
    expect(summarizeSession(session, changed, after()).changedAfterReveal).toBe(0);
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
