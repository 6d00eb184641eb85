import { first } from './001-first.ts';
import { blobReferences } from './002-blob-references.ts';

/** SQL that takes the schema from the version before to the next; run in one transaction. */
export type Migration = string;

/** All of them, in order: the schema's version is how many have run (`PRAGMA user_version`). */
export const migrations: readonly Migration[] = [first, blobReferences];
