import type { PieceFrame } from '../../../src-main/common/api/station-frames.ts';
import type { Piece, ShiftCount, Station } from '../../../src-main/common/api/station.ts';
import { formatLength, type UnitSystem } from '../../../src-main/common/length-text.ts';
import { decisionSigns } from '../../format/decision-labels.ts';
import { formatCount } from '../../format/numbers.ts';
import { verdictSigns } from '../../format/verdict-labels.ts';

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'short' });
const DAY_MS = 24 * 60 * 60 * 1000;

/** The time of day of an event, with its date if that is not near. */
export function clockText(at: string, now = Date.now()): string {
  const date = new Date(at);
  const near = Math.abs(now - date.getTime()) < DAY_MS;
  return near ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}

export const pieceTitle = ({ sequence }: Pick<Piece, 'sequence'>): string => `Piece ${formatCount(sequence)}`;

/** The place of a frame: `Frame 12 at 8.40 m`. */
export function frameText({ number, offset, mm }: PieceFrame, units: UnitSystem): string {
  const place = mm ? formatLength(mm.offset, units) : `${formatCount(offset)} px`;
  return `Frame ${formatCount(number)} at ${place}`;
}

/** A lag: `0.4 s`, `12 s`, `3 min`. */
export function lagText(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** The share of rejected pieces with one decimal place; `–` without decided pieces. */
export function rejectRateText({ rejectRate }: Pick<ShiftCount, 'rejectRate'>): string {
  return rejectRate === null ? '–' : `${(100 * rejectRate).toFixed(1)} %`;
}

/** A piece's decision or state in one word. */
export function outcomeText({ decision, state }: Pick<Piece, 'decision' | 'state'>): string {
  if (decision) return decisionSigns[decision].name;
  return { waiting: 'Waiting', decided: 'Not calibrated', failed: 'Failed', dropped: 'Dropped' }[state];
}

const opposed = { pass: 'reject', reject: 'accept', review: undefined } as const;

/** Whether a person decided otherwise than the recipe: rejected a passed piece, or accepted a rejected one. */
export function isOverruled({ decision, verdict }: Pick<Piece, 'decision' | 'verdict'>): boolean {
  return decision !== null && verdict !== null && opposed[decision] === verdict;
}

/** What a person made of the decision, as a sentence without its period; empty without a verdict. */
export function verdictText({ decision, verdict, operator }: Piece): string {
  if (verdict === null) return '';
  const by = operator ? ` by ${operator}` : '';
  if (isOverruled({ decision, verdict })) return `Overruled${by}: ${verdictSigns[verdict].past}`;
  const confirms =
    (decision === 'pass' && verdict === 'accept') || (decision === 'reject' && verdict === 'reject');
  if (confirms) return `Confirmed${by}: ${verdictSigns[verdict].past}`;
  const past = verdictSigns[verdict].past;
  return `${past[0].toUpperCase()}${past.slice(1)}${by}`;
}

/** A piece as it is read to a person who does not see it. */
export function pieceText(piece: Piece): string {
  return [
    pieceTitle(piece),
    outcomeText(piece),
    verdictText(piece),
    piece.duplicateOf === null ? '' : 'same content as an earlier piece',
    piece.state === 'decided' && piece.thumbnail === null ? 'its picture was not kept' : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** The time at which a shift starts: `06:00`. */
export const shiftStart = ({ shift }: Pick<ShiftCount, 'shift'>): string => shift.slice(-5);

export const stateText: Record<Station['state'], string> = {
  watching: 'Watching',
  stopped: 'Stopped',
  unavailable: 'Folder missing',
};
