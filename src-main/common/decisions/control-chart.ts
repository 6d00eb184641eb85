import type { CalibrationRecord, Decision } from '../api/recipes.ts';
import { percentText } from './calibration-problem.ts';
import { exceedanceTail } from './exceedance.ts';

/** An image of a control chart. */
export interface ChartPoint {
  image: number;
  score: number;
  decision: Decision | null;
}

/** Why a class is out of control, as a sentence, with the images that show it. */
export interface Alarm {
  message: string;
  images: number[];
}

/** Numbers of latest images that are compared with the good ones. */
const WINDOWS = [5, 10, 25, 50];

/**
 * Probability below which a comparison raises an alarm. For comparison, 3-sigma limits have 0.00135 per side.
 */
const ALARM_LEVEL = 0.001;

/** A way in which images can differ from the good ones: they are beyond the good score with this rank, counted from the other side. */
interface Comparison {
  describe: (count: string) => string;
  differs: (point: ChartPoint) => boolean;
  rank: number;
}

/**
 * Compares the latest images of a class with the good ones of its calibration. A single image beyond the limits is not
 * an alarm. The last 5, 10, 25 or 50 images raise one if the number of them that are rejected, or that are on one side
 * of the median or the range of the good scores, would occur with exchangeable images with a probability of at most
 * 0.001. These are the run rules of Western Electric (1956) and Nelson (1984), with exact probabilities instead of those
 * of a normal distribution with known parameters.
 *
 * @param points in inspection order, without calibration images and without labeled defective images
 */
export function controlAlarms(
  points: readonly ChartPoint[],
  { good, goodScores, guaranteedFalseRejects }: CalibrationRecord,
): Alarm[] {
  if (!goodScores || good === 0) return [];
  const { min, median, max } = goodScores;
  // The rank of the median from either side. With an even number it lies between two scores, of which this is the farther one.
  const half = Math.ceil(good / 2);
  const comparisons: Comparison[] = [
    {
      describe: (count) => `${count} score above the median of the good images`,
      differs: ({ score }) => score > median,
      rank: half,
    },
    {
      describe: (count) => `${count} score below the median of the good images`,
      differs: ({ score }) => score < median,
      rank: half,
    },
    {
      describe: (count) => `${count} score higher than all good images`,
      differs: ({ score }) => score > max,
      rank: good,
    },
    {
      describe: (count) => `${count} score lower than all good images`,
      differs: ({ score }) => score < min,
      rank: good,
    },
  ];
  if (guaranteedFalseRejects !== null)
    comparisons.push({
      describe: (count) =>
        `${count} are rejected; good images explain ${percentText(guaranteedFalseRejects)} on average`,
      differs: ({ decision }) => decision === 'reject',
      rank: Math.round((good + 1) * (1 - guaranteedFalseRejects)),
    });
  return comparisons.flatMap((comparison) => alarmOf(points, comparison, good) ?? []);
}

/** The alarm of the least probable window; undefined if there is none. */
function alarmOf(points: readonly ChartPoint[], comparison: Comparison, good: number): Alarm | undefined {
  let alarm: Alarm | undefined;
  let level = ALARM_LEVEL;
  for (const window of WINDOWS) {
    if (points.length < window) break;
    const differing = points.slice(-window).filter(comparison.differs);
    const probability = exceedanceTail(differing.length, window, {
      rank: comparison.rank,
      reference: good,
    });
    if (probability > level) continue;
    level = probability;
    alarm = {
      message: `${comparison.describe(`${differing.length} of the last ${window} images`)}.`,
      images: differing.map(({ image }) => image),
    };
  }
  return alarm;
}
