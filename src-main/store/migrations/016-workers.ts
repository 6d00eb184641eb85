import type { Migration } from './migration.ts';

/** A run may be worked on by the workers of a queue, and a result names the worker that computed it. */
export const workers: Migration = `
  ALTER TABLE runs ADD COLUMN place TEXT NOT NULL DEFAULT 'here';
  ALTER TABLE results ADD COLUMN worker TEXT NOT NULL DEFAULT '';
`;
