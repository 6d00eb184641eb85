import type { ErrorReport } from '../common/api/errors.ts';
import type { PieceFrame } from '../common/api/station-frames.ts';
import type { Piece, PieceRegion } from '../common/api/station.ts';

/** A row of `SELECT_PIECE`. */
export interface PieceRow extends Omit<Piece, 'regions' | 'error' | 'pruned' | 'frame'> {
  bytes: number;
  mtimeMs: number;
  regions: string;
  frame: string | null;
  error: string | null;
  pruned: 0 | 1;
}

/** The place of a frame as JSON, in millimeters by the scale of the station's class. */
const FRAME = `iif(p.roll IS NULL, NULL, json_object('roll', p.roll, 'number', p.frame, 'offset', p.frame_offset, 'length', p.frame_length,
    'width', p.frame_width, 'assumed', json(iif(p.frame_assumed, 'true', 'false')),
    'mm', json(iif(c.mm_along IS NULL, NULL,
      json_object('offset', p.frame_offset * c.mm_along, 'length', p.frame_length * c.mm_along)))))`;

/** A verdict may be changed or revoked in its session, so the current one is looked up. */
export const SELECT_PIECE = `SELECT p.id, p.station_id AS station, p.sequence, p.file, p.bytes, p.mtime_ms AS mtimeMs, p.sha256,
    p.image_id AS image, i.thumbnail, p.state, p.decision, p.score, p.reason, p.recipe_id AS recipe, p.revision, p.regions, p.regions_total AS regionsTotal,
    p.arrived_at AS arrivedAt, p.decided_at AS decidedAt, p.seconds, p.error, p.duplicate_of AS duplicateOf, v.verdict, s.operator,
    p.result_id AS result, r.map, p.pruned, ${FRAME} AS frame
  FROM pieces AS p JOIN stations AS t ON t.id = p.station_id
    LEFT JOIN class_scales AS c ON c.dataset_id = t.dataset_id AND c.texture_class = t.texture_class
    LEFT JOIN images AS i ON i.id = p.image_id LEFT JOIN results AS r ON r.id = p.result_id
    LEFT JOIN verdicts AS g ON g.id = p.verdict_id
    LEFT JOIN verdicts AS v ON v.id = (
      SELECT max(id) FROM verdicts WHERE session_id = g.session_id AND image_id = g.image_id AND revoked = 0)
    LEFT JOIN sessions AS s ON s.id = v.session_id`;

export function rowToPiece({
  bytes: _,
  mtimeMs: __,
  regions,
  frame,
  error,
  pruned,
  ...row
}: PieceRow): Piece {
  return {
    ...row,
    regions: JSON.parse(regions) as PieceRegion[],
    frame: frame === null ? null : (JSON.parse(frame) as PieceFrame),
    error: error === null ? null : (JSON.parse(error) as ErrorReport),
    pruned: pruned === 1,
  };
}
