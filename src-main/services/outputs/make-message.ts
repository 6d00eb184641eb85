import { createHash } from 'node:crypto';
import packageJson from '../../../package.json' with { type: 'json' };
import {
  MAX_MESSAGE_REGIONS,
  type MessageRegion,
  type PieceMessage,
} from '../../common/api/decision-message.ts';
import type { Decision, DecisionThresholds } from '../../common/api/recipes.ts';
import type { Verdict } from '../../common/api/sessions.ts';
import type { PieceFrame } from '../../common/api/station-frames.ts';
import type { PixelSize } from '../../common/scale.ts';

/** What every message has. */
export const ENVELOPE = {
  schema: 'perch-decision',
  version: 1,
  software: { name: 'perch', version: packageJson.version },
} as const;

/** What a message says about a piece. */
export interface DecidedPiece {
  /** The id of the store, and the station. */
  store: string;
  station: { id: number; name: string };
  sequence: number;
  file: string;
  /** Null if the file could not be read. */
  sha256: string | null;
  size: { width: number; height: number } | null;
  /** Its place along its roll; null if it is no frame. */
  frame: PieceFrame | null;
  decision: Decision | null;
  /** A sentence without its period. */
  reason: string;
  score: number | null;
  thresholds: DecisionThresholds | null;
  /** In pixels of the image, by falling peak; more than the message lists are left out. */
  regions: readonly Omit<MessageRegion, 'mm'>[];
  regionsTotal: number;
  /** Size of a pixel in millimeters, if known. */
  pixel: PixelSize | undefined;
  recipe: { name: string; revision: number; sha256: string };
  arrivedAt: string;
  decidedAt: string;
}

/** An operator's verdict on a piece. */
export interface PieceVerdict {
  verdict: Verdict;
  defectType: string;
  note: string;
  operator: string;
  at: string;
}

/** The message that the recipe decided a piece. A piece that is decided again, after the process was killed, has the same message id. */
export function makeDecisionMessage(piece: DecidedPiece): PieceMessage {
  return { kind: 'decision', ...contentOf(piece), id: decisionId(piece) };
}

/** The message that an operator gave a verdict on a decided piece. */
export function makeVerdictMessage(piece: DecidedPiece, { at, ...said }: PieceVerdict): PieceMessage {
  return {
    kind: 'verdict',
    ...contentOf(piece),
    ...said,
    id: uuidOf(piece.store, piece.station.id, piece.sequence, 'verdict', at),
    decisionId: decisionId(piece),
    verdictAt: at,
  };
}

function decisionId({ store, station, sequence }: DecidedPiece): string {
  return uuidOf(store, station.id, sequence, 'decision');
}

function contentOf({ store: _, station, sequence, file, sha256, size, ...decided }: DecidedPiece) {
  const { frame, pixel, regions, ...rest } = decided;
  return {
    ...ENVELOPE,
    station: station.name,
    piece: {
      sequence,
      file,
      sha256,
      width: size?.width ?? null,
      height: size?.height ?? null,
      ...(frame && { frame: placeOf(frame) }),
    },
    ...rest,
    regions: regions
      .slice(0, MAX_MESSAGE_REGIONS)
      .map((region) => ({ ...region, ...millimeters(region, pixel) })),
  };
}

function placeOf({ roll, number, offset, length, mm }: PieceFrame) {
  return { roll, number, offset, length, ...(mm && { mm }) };
}

function millimeters({ box, area }: Omit<MessageRegion, 'mm'>, pixel: PixelSize | undefined) {
  if (!pixel) return {};
  const { x, y } = pixel;
  return {
    mm: {
      box: { left: box.left * x, top: box.top * y, width: box.width * x, height: box.height * y },
      area: area * x * y,
    },
  };
}

/** A UUID of version 8 (RFC 9562) that depends only on `parts`. */
function uuidOf(...parts: (string | number)[]): string {
  const bytes = createHash('sha256').update(parts.join('\n')).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
