import { type GroundTruth, groundTruth } from '../../common/api/datasets.ts';
import { type Decision, decision } from '../../common/api/recipes.ts';
import {
  type ImageVerdict,
  type Session,
  type Summary,
  type Verdict,
  verdict,
} from '../../common/api/sessions.ts';
import { tally } from './agreement.ts';
import { cohensKappa } from './kappa.ts';

/** A verdict, with its image's ground truth and score. */
export interface VerdictContext {
  imageVerdict: ImageVerdict;
  /** The first verdict in the session, even if it was undone. */
  firstVerdict: Verdict | null;
  groundTruth: GroundTruth;
  /** Whether the image's score reaches its class's threshold; unknown if there is no result. */
  score: 'above' | 'below' | 'unknown';
  /** By its class's recipe; null if there is none. */
  decision: Decision | null;
}

/**
 * Summarizes a session.
 *
 * @param images the reviewed images
 * @param times of all changes in the session, ISO 8601, in order; the first is the start of the session
 */
export function summarizeSession(
  session: Session,
  images: readonly VerdictContext[],
  times: readonly string[],
): Summary {
  const count = (test: (image: VerdictContext) => boolean) => images.filter(test).length;
  const hasVerdict = (each: Verdict) => (image: VerdictContext) => image.imageVerdict.verdict === each;
  const by = <Name extends string>(names: readonly Name[], nameOf: (image: VerdictContext) => Name) =>
    tally(verdict.options, (each) =>
      tally(names, (name) => count((image) => hasVerdict(each)(image) && nameOf(image) === name)),
    );
  const byGroundTruth = by(groundTruth.options, (image) => image.groundTruth);
  const byScore = by(['above', 'below', 'unknown'], (image) => image.score);
  const byDecision = by([...decision.options, 'none'], (image) => image.decision ?? 'none');
  return {
    session,
    verdicts: tally(verdict.options, (each) => count(hasVerdict(each))),
    byGroundTruth,
    byScore,
    byDecision: images.some((image) => image.decision !== null) ? byDecision : null,
    kappaGroundTruth: cohensKappa([
      [byGroundTruth.reject.masked, byGroundTruth.reject.normal],
      [byGroundTruth.accept.masked, byGroundTruth.accept.normal],
    ]),
    kappaScore: cohensKappa([
      [byScore.reject.above, byScore.reject.below],
      [byScore.accept.above, byScore.accept.below],
    ]),
    kappaDecision: cohensKappa([
      [byDecision.reject.reject, byDecision.reject.pass],
      [byDecision.accept.reject, byDecision.accept.pass],
    ]),
    changedAfterReveal: session.blind
      ? count(({ imageVerdict, firstVerdict }) => imageVerdict.verdict !== firstVerdict)
      : 0,
    defectTypes: countDefectTypes(images),
    secondsPerImage: medianStep(times),
  };
}

/** Defect types by number of images, most frequent first. */
function countDefectTypes(images: readonly VerdictContext[]): Summary['defectTypes'] {
  const counts = new Map<string, number>();
  for (const { defectType } of images.map((image) => image.imageVerdict))
    if (defectType !== '') counts.set(defectType, (counts.get(defectType) ?? 0) + 1);
  return [...counts]
    .map(([defectType, images]) => ({ defectType, images }))
    .sort((a, b) => b.images - a.images || a.defectType.localeCompare(b.defectType));
}

/** Median of the seconds between times, so that breaks do not count. */
function medianStep(times: readonly string[]): number | null {
  const moments = times.map((time) => Date.parse(time));
  const steps = moments.slice(1).map((moment, at) => (moment - moments[at]) / 1000);
  steps.sort((a, b) => a - b);
  return steps[Math.floor((steps.length - 1) / 2)] ?? null;
}
