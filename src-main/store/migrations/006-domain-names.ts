import type { Migration } from './migration.ts';

/** Gives tables and columns the names that the domain uses. */
export const domainNames: Migration = `
ALTER TABLE judgements RENAME TO verdicts;
DROP INDEX judgements_by_image;
CREATE INDEX verdicts_by_image ON verdicts (session_id, image_id, id);

ALTER TABLE tasks RENAME TO run_items;
DROP INDEX tasks_by_state;
CREATE INDEX run_items_by_state ON run_items (run_id, state, priority DESC, id);
`;
