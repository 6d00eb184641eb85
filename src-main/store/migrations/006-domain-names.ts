import type { Migration } from './migration.ts';

/** Gives tables, columns and indexes the names that the domain uses. */
export const domainNames: Migration = `
ALTER TABLE datasets RENAME COLUMN border TO ignore_border;

ALTER TABLE images RENAME COLUMN part TO tile_index;
ALTER TABLE images RENAME COLUMN kind TO defect_type;
ALTER TABLE images RENAME COLUMN position TO sort_index;

ALTER TABLE results RENAME COLUMN cover_width TO extent_width;
ALTER TABLE results RENAME COLUMN cover_height TO extent_height;
ALTER TABLE results RENAME COLUMN bank_sha256 TO memory_bank_sha256;

ALTER TABLE runs RENAME COLUMN owner TO lease_owner;
ALTER TABLE runs RENAME COLUMN owner_until_ms TO lease_expires_at_ms;
ALTER TABLE tasks RENAME TO run_items;
DROP INDEX tasks_by_state;
CREATE INDEX run_items_by_state ON run_items (run_id, state, priority DESC, id);

ALTER TABLE session_images RENAME COLUMN position TO sort_index;
ALTER TABLE judgements RENAME TO verdicts;
ALTER TABLE verdicts RENAME COLUMN kind TO defect_type;
ALTER TABLE verdicts RENAME COLUMN undone TO revoked;
DROP INDEX judgements_by_image;
CREATE INDEX verdicts_by_image ON verdicts (session_id, image_id, id);
`;
