import type { GradingRule } from '../../common/api/grading.ts';
import type { Assessment } from '../../common/api/rolls.ts';
import type {
  FrameDefect,
  PieceFrame,
  StationRoll,
  StationRollDefects,
} from '../../common/api/station-frames.ts';
import type { Piece } from '../../common/api/station.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { RollExtent } from '../../store/piece-frames.ts';
import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';
import { gradeDefects, type PlacedDefect } from '../rolls/grade-defects.ts';
import type { GradingRules } from '../rolls/grading-rules.ts';
import { placeRegion } from '../rolls/place-region.ts';
import { findRollRepeats } from '../rolls/roll-repeats.ts';
import { notesOnFrames } from './notes-on-frames.ts';

/** The search for repeating defects takes a second for 5000 defects, during which no piece is decided. */
const MOST_FOR_REPEATS = 2000;
const TOO_MANY = `Repeating defects are not sought among more than ${MOST_FOR_REPEATS}. Import the roll's folder to find them.`;

type Frame = Piece & { frame: PieceFrame };
type FoundDefect = PlacedDefect & Pick<FrameDefect, 'piece' | 'sequence' | 'frame'>;

/** The rolls of a station, the one with the latest frame first. */
export function listRolls(store: Store, station: StoredStation, limit: number): StationRoll[] {
  return store.pieceFrames.rolls(station.id, limit).map((extent) => describeRoll(store, station, extent));
}

/**
 * The defects of a roll's frames so far, and its grade.
 *
 * @throws PerchError `NOT_FOUND` if it has no frame, `UNKNOWN_NAME`, `INVALID_RULE`
 */
export function rollSoFar(
  store: Store,
  rules: Pick<GradingRules, 'find'>,
  station: StoredStation,
  wishes: { roll?: string | undefined; rule: string | GradingRule },
): StationRollDefects {
  const extent =
    wishes.roll === undefined
      ? store.pieceFrames.rolls(station.id, 1).at(0)
      : store.pieceFrames.findRoll(station.id, wishes.roll);
  if (!extent) throw noFrame(station, wishes.roll);
  const roll = describeRoll(store, station, extent);
  const { rule, used } = rules.find(wishes.rule);
  const frames = store.pieceFrames.list(station.id, extent.roll).filter(isFrame);
  const placed = frames
    .flatMap((frame) => placeDefects(frame, roll))
    .sort((a, b) => a.px.along - b.px.along || a.px.across - b.px.across);
  const assessments = acceptedDefects(frames, placed);
  const hasTooMany = placed.length > MOST_FOR_REPEATS;
  const repeats = hasTooMany ? [] : findRollRepeats(placed, roll, assessments);
  const graded = gradeDefects(placed, { rule, roll, assessments, repeats });
  const isGraded = roll.lengthPixels > 0 && frames.some(({ decision }) => decision !== null);
  return {
    roll,
    defects: graded.defects.map((defect, index) => ({ ...placed[index], ...defect })),
    repeats,
    grade: isGraded ? graded.grade : null,
    rule: used,
    notes: [...notesOnFrames(frames, roll), ...(hasTooMany ? [TOO_MANY] : [])],
  };
}

function describeRoll(
  store: Store,
  { id, name, folder, dataset, textureClass, rollDirection }: StoredStation,
  extent: RollExtent,
): StationRoll {
  return {
    ...extent,
    station: id,
    name: extent.roll.split('/').at(-1) || folder.split(/[\\/]/).at(-1) || name,
    direction: rollDirection ?? 'down',
    scale: store.classScales.find(dataset, textureClass),
  };
}

function isFrame(piece: Piece): piece is Frame {
  return piece.frame !== null;
}

function placeDefects({ id, sequence, frame, regions }: Frame, roll: StationRoll): FoundDefect[] {
  return regions.map(({ box, area, peak }, index) => {
    const onRoll =
      roll.direction === 'down'
        ? { ...box, top: box.top + frame.offset }
        : { ...box, left: box.left + frame.offset };
    const center = { x: onRoll.left + box.width / 2, y: onRoll.top + box.height / 2 };
    return {
      id: `${frame.number}.${index + 1}`,
      piece: id,
      sequence,
      frame: frame.number,
      box: onRoll,
      score: peak,
      ...placeRegion({ box: onRoll, center, area }, roll),
    };
  });
}

/** An operator who accepts a frame accepts each of its defects. */
function acceptedDefects(frames: readonly Frame[], defects: readonly FoundDefect[]): Map<string, Assessment> {
  const accepted = new Map(
    frames.flatMap((frame) => (frame.verdict === 'accept' ? [[frame.id, frame] as const] : [])),
  );
  return new Map(
    defects.flatMap(({ id, piece }) => {
      const frame = accepted.get(piece);
      if (!frame) return [];
      const by = { operator: frame.operator ?? '', at: frame.decidedAt ?? frame.arrivedAt };
      return [[id, { verdict: 'accept' as const, kind: '', points: null, reason: '', ...by }]];
    }),
  );
}

function noFrame({ name, rollDirection }: StoredStation, roll: string | undefined): PerchError {
  const which = roll === undefined ? '' : ` of the roll "${roll}"`;
  const why =
    rollDirection === null
      ? 'Its pieces are not frames of rolls.'
      : 'It gets the first one when a file in a folder of the station is decided.';
  return new PerchError('NOT_FOUND', `The station "${name}" has no frame${which} yet. ${why}`);
}
