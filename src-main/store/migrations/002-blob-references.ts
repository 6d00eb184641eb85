import type { Migration } from './migration.ts';

/** Whether anything refers to a blob is asked of every one of them when the store is tidied or a blob is given up. */
export const blobReferences: Migration = `
CREATE INDEX images_by_thumbnail ON images (thumbnail) WHERE thumbnail IS NOT NULL;
CREATE INDEX evaluations_by_curves ON evaluations (curves) WHERE curves IS NOT NULL;
`;
