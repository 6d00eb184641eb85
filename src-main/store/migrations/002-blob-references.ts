import type { Migration } from './migration.ts';

/** Indexes for finding a blob's references, which a garbage collection does for every blob. */
export const blobReferences: Migration = `
CREATE INDEX images_by_thumbnail ON images (thumbnail) WHERE thumbnail IS NOT NULL;
CREATE INDEX evaluations_by_curves ON evaluations (curves) WHERE curves IS NOT NULL;
`;
