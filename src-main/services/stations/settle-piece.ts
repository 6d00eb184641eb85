import type { ErrorReport } from '../../common/api/errors.ts';
import type { Recipe } from '../../common/api/recipes.ts';
import type { Piece } from '../../common/api/station.ts';
import { reasonText } from '../../common/decisions/reason-text.ts';
import { pixelSize } from '../../common/scale.ts';
import type { Settlement } from '../../store/pieces.ts';
import type { Counter } from '../../store/station-shifts.ts';
import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';
import { scoreSettings } from '../recipes/score-results.ts';
import type { DecidedPiece } from './decide-piece.ts';
import { ALARM_PIECES, findAlarm } from './find-alarm.ts';
import { placeFrame } from './place-frame.ts';
import { shiftAt } from './shift-at.ts';

/** What settles the pieces of a station. */
export interface SettlingContext {
  store: Store;
  /** The process that must hold the station's lease. */
  owner: string;
  /** Called inside the transaction that settles a piece, to write what depends on it. */
  onSettled?: ((station: StoredStation, piece: Piece) => void) | undefined;
}

type Outcome = Omit<Settlement, 'shift' | 'at'> & {
  counter: Counter;
  /** Of its image; null if it was not read. */
  size: { width: number; height: number } | null;
};

const NOTHING = {
  decision: null,
  score: null,
  recipe: null,
  revision: null,
  regions: [],
  regionsTotal: 0,
  image: null,
  result: null,
  error: null,
  size: null,
};

/**
 * Stores the decision of a piece: image, result, scores, counters and alarm, in one transaction.
 *
 * @returns the piece; undefined if it is settled, or if another process holds the station. Nothing changes then.
 */
export function settleDecided(
  context: SettlingContext,
  station: StoredStation,
  piece: Piece,
  made: DecidedPiece,
  recipe: Recipe['latest'],
): Piece | undefined {
  const { store } = context;
  return settle(context, station, piece, () => {
    store.blobs.enter(made.blobs);
    const image = writeImage(store, station, made);
    const result = store.results.add({ ...made.result, image });
    const { definition, revision } = recipe;
    store.imageScores.add(scoreSettings({ ...station, definition }), [{ ...made.score, result: result.id }]);
    const { decided, regions, regionsTotal } = made;
    const reason = reasonText(decided, {
      unit: definition.sizeLimits.unit,
      regionArea: regions[0]?.area,
      pixel:
        definition.mmPerPixel === null
          ? undefined
          : pixelSize(definition.mmPerPixel, station.rollDirection ?? 'down'),
    });
    return {
      state: 'decided',
      decision: decided.decision,
      score: decided.score,
      reason,
      regions,
      recipe: station.recipe,
      revision,
      regionsTotal,
      image,
      result: result.id,
      error: null,
      counter: decided.decision ?? 'undecided',
      size: made.image,
    };
  });
}

/** Gives a piece the decision of the earlier one with the same content. */
export function settleDuplicate(
  context: SettlingContext,
  station: StoredStation,
  piece: Piece,
  { decision, score, recipe, revision, regions, regionsTotal, image, result, file }: Piece,
): Piece | undefined {
  return settle(context, station, piece, () => ({
    state: 'decided',
    decision,
    score,
    recipe,
    revision,
    regions,
    regionsTotal,
    image,
    result,
    error: null,
    reason: `The same content as ${file}, whose decision it has`,
    counter: 'duplicates',
    size: image === null ? null : context.store.images.get(image),
  }));
}

/** Ends a piece that cannot be inspected. */
export function settleFailed(
  context: SettlingContext,
  station: StoredStation,
  piece: Piece,
  error: ErrorReport,
): Piece | undefined {
  return settle(context, station, piece, () => ({
    ...NOTHING,
    state: 'failed',
    reason: error.message.replace(/\.$/, ''),
    error,
    counter: 'failed',
  }));
}

/** Ends a piece whose file vanished before its turn. */
export function settleDropped(
  context: SettlingContext,
  station: StoredStation,
  piece: Piece,
): Piece | undefined {
  return settle(context, station, piece, () => ({
    ...NOTHING,
    state: 'dropped',
    reason: 'Its file was removed before it could be read',
    counter: 'dropped',
  }));
}

function settle(
  { store, owner, onSettled }: SettlingContext,
  { id }: StoredStation,
  { id: piece }: Piece,
  work: () => Outcome,
): Piece | undefined {
  return store.transaction(() => {
    if (!store.stations.isHeldBy(id, owner) || store.pieces.get(piece).state !== 'waiting') return undefined;
    const { counter, size, ...outcome } = work();
    const station = store.stations.get(id);
    const at = new Date();
    const shift = shiftAt(at, station.shifts);
    store.pieces.settle(piece, { ...outcome, at, shift: shift.shift });
    placeFrame(store, station, store.pieces.get(piece), size);
    store.stationShifts.count(id, shift, counter);
    raiseAlarm(store, station, at);
    const settled = store.pieces.get(piece);
    onSettled?.(station, settled);
    return settled;
  });
}

/** Adds the image of a piece, or updates that of an earlier piece whose file it replaced. */
function writeImage(store: Store, station: StoredStation, { image, bitDepth }: DecidedPiece): number {
  const known = store.images.findByPath(station.dataset, image.path);
  const sortIndex = known?.sortIndex ?? store.images.nextSortIndex(station.dataset, station.textureClass);
  if (known) {
    store.pieces.detach(known.id);
    store.images.update(known.id, { ...image, sortIndex });
  }
  const id = known?.id ?? store.images.add(station.dataset, { ...image, sortIndex });
  if (bitDepth !== undefined) store.images.setBitDepths(new Map([[id, bitDepth]]));
  return id;
}

function raiseAlarm(store: Store, station: StoredStation, at: Date): void {
  if (station.alarm) return;
  const { calibration } = store.recipes.get(station.recipe).latest.definition;
  const limit = Math.max(ALARM_PIECES, station.alarmAfter);
  const latest = store.pieces.listScored(station.id, { after: station.acknowledgedSequence, limit });
  const { alarmAfter } = station;
  const alarm = findAlarm(latest, { alarmAfter, calibration, at: at.toISOString() });
  if (alarm) store.stations.setAlarm(station.id, alarm);
}
