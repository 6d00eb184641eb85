import { binomialUpperTail } from '../../decisions/binomial.ts';
import { firstAtLeast, fitPitch, followSequence, type Sequence } from './follow.ts';
import { Lanes } from './lanes.ts';
import type { Repeat, RepeatingCandidate } from './types.ts';

/** Default tolerance in millimeters. */
export const REPEAT_TOLERANCE_MM = 3;

/** Expected number of repeats that are found on a roll whose defects are at random places. */
const FALSE_ALARMS = 0.05;

/** Multiples of the tolerance that are tried. The wider one finds repeats of soft or stretched material. */
const TOLERANCES = [1, 3];

/** Partners of a defect, the next ones in its lane, that are tried as its second occurrence. */
const PARTNERS = 24;

/** Fewest occurrences of a repeat. */
const FEWEST = 4;

/** The shortest pitch, as a multiple of the tolerance. */
const SHORTEST_PITCH = 8;

interface Found extends Repeat {
  members: RepeatingCandidate[];
}

/**
 * Finds defects that come back at a constant pitch in the same lane with the same look. Every pair of defects of a lane
 * proposes a pitch, and the sequence that follows from it is found if chance does not explain it: its expected number on a
 * roll with defects at random places (Desolneux, Moisan and Morel, 2000) is below 1 in 20. A defect belongs to one
 * repeat at most.
 *
 * @param tolerance usual deviation of a defect from its place at the constant pitch, in the unit of the places; deviations of up
 * to 3 times as much are tried, too
 * @returns in order along the roll
 */
export function findRepeats(defects: readonly RepeatingCandidate[], tolerance: number): Repeat[] {
  let left = [...defects].sort((a, b) => a.along - b.along || a.across - b.across);
  const repeats: Repeat[] = [];
  for (let found = bestSequences(left, tolerance); found.length > 0; found = bestSequences(left, tolerance)) {
    const taken = new Set<RepeatingCandidate>();
    for (const { members, ...repeat } of found) {
      if (members.some((member) => taken.has(member))) continue;
      for (const member of members) taken.add(member);
      repeats.push(repeat);
    }
    left = left.filter((defect) => !taken.has(defect));
  }
  return repeats.sort((a, b) => a.from - b.from || a.across - b.across);
}

/** The most convincing sequence through each defect that chance does not explain, the most convincing first. */
function bestSequences(sorted: readonly RepeatingCandidate[], tolerance: number): Found[] {
  const lanes = new Lanes(sorted, tolerance);
  const seeds = sorted.map((seed) => {
    const peers = lanes.peersOf(seed);
    const position = peers.indexOf(seed);
    return { peers, position, partners: Math.min(PARTNERS, peers.length - 1 - position) };
  });
  const pairs = seeds.reduce((sum, { partners }) => sum + partners, 0);
  const found: Found[] = [];
  for (const { peers, position, partners } of seeds) {
    const places = peers.map(({ along }) => along);
    const mirrored = places.map((place) => -place).reverse();
    let best: Found | null = null;
    for (let partner = position + 1; partner <= position + partners; partner++) {
      for (const allowed of TOLERANCES.map((multiple) => multiple * tolerance)) {
        if (places[partner] - places[position] < SHORTEST_PITCH * allowed) continue;
        const sequence = followSequence(places, mirrored, position, partner, allowed);
        if (sequence.occurrences.length < FEWEST) continue;
        const repeat = toRepeat(sequence, peers, places, pairs * TOLERANCES.length);
        if (!best || isBetter(repeat, best)) best = repeat;
      }
    }
    if (best && best.falseAlarms < FALSE_ALARMS) found.push(best);
  }
  return found.sort((a, b) => (isBetter(a, b) ? -1 : 1));
}

function isBetter(a: Repeat, b: Repeat): boolean {
  if (a.falseAlarms !== b.falseAlarms) return a.falseAlarms < b.falseAlarms;
  return a.count - a.missing > b.count - b.missing;
}

function toRepeat(
  { occurrences, windows }: Sequence,
  peers: readonly RepeatingCandidate[],
  places: readonly number[],
  tried: number,
): Found {
  const { start, pitch } = fitPitch(occurrences, places);
  const members = occurrences.map(({ index }) => peers[index]);
  const count = members.length;
  const numbers = occurrences[count - 1].number - occurrences[0].number + 1;
  const from = members[0].along;
  const to = members[count - 1].along;
  const squares = occurrences.reduce(
    (sum, { index, number }) => sum + (places[index] - start - number * pitch) ** 2,
    0,
  );
  return {
    pitch,
    across: members.reduce((sum, { across }) => sum + across, 0) / count,
    count,
    missing: numbers - count,
    from,
    to,
    jitter: Math.sqrt(squares / count),
    falseAlarms: tried * numbers * chance(count, windows, density(places, from, to, pitch)),
    defects: members.map(({ id }) => id),
    members,
  };
}

/** Defects of a lane per unit of length, where a sequence is. */
function density(places: readonly number[], from: number, to: number, pitch: number): number {
  const start = from - pitch / 2;
  const end = to + pitch / 2;
  return (firstAtLeast(places, end) - firstAtLeast(places, start)) / (end - start);
}

/** The probability that defects at random places are in as many of the windows. The first two occurrences are given. */
function chance(count: number, windows: readonly number[], perLength: number): number {
  const mean = windows.reduce((sum, window) => sum - Math.expm1(-2 * window * perLength), 0) / windows.length;
  return binomialUpperTail(count - 2, windows.length, mean);
}
