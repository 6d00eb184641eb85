import type { Session } from '../common/api/sessions.ts';

/** A session as a row of `SELECT_SESSION`. */
export interface SessionRow extends Omit<Session, 'blind' | 'heatmapHidden' | 'group' | 'adjudicates'> {
  blind: 0 | 1;
  heatmapHidden: 0 | 1;
  groupId: number | null;
  overlap: number | null;
  firstId: number | null;
  firstOperator: string | null;
  secondId: number | null;
  secondOperator: string | null;
}

export const SELECT_SESSION = `SELECT s.id, s.name, s.operator, s.dataset_id AS dataset, s.method_id AS method, s.filter,
    s.blind, s.heatmap_hidden AS heatmapHidden, g.id AS groupId, g.overlap,
    f.id AS firstId, f.operator AS firstOperator, t.id AS secondId, t.operator AS secondOperator,
    s.created_at AS createdAt, s.ended_at AS endedAt,
    (SELECT count(*) FROM session_images WHERE session_id = s.id) AS total,
    (SELECT count(DISTINCT image_id) FROM verdicts WHERE session_id = s.id AND revoked = 0) AS reviewed
  FROM sessions AS s LEFT JOIN review_groups AS g ON g.id = s.group_id
    LEFT JOIN adjudications AS a ON a.session_id = s.id
    LEFT JOIN sessions AS f ON f.id = a.first_session_id LEFT JOIN sessions AS t ON t.id = a.second_session_id`;

export function rowToSession(row: SessionRow): Session {
  const { groupId, overlap, firstId, firstOperator, secondId, secondOperator, ...session } = row;
  return {
    ...session,
    blind: row.blind === 1,
    heatmapHidden: row.heatmapHidden === 1,
    group: groupId === null || overlap === null ? null : { id: groupId, overlap },
    adjudicates:
      firstId === null || firstOperator === null || secondId === null || secondOperator === null
        ? null
        : {
            first: { id: firstId, operator: firstOperator },
            second: { id: secondId, operator: secondOperator },
          },
  };
}
