import { first } from './001-first.ts';
import { blobReferences } from './002-blob-references.ts';
import { idsOnce } from './003-ids-once.ts';
import { fileContents } from './004-file-contents.ts';
import { bitDepths } from './005-bit-depths.ts';

/**
 * SQL that takes the schema from the version before to the next; run in one transaction, without looking at references between
 * tables until its end.
 */
export type Migration = string;

/** All of them, in order: the schema's version is how many have run (`PRAGMA user_version`). */
export const migrations: readonly Migration[] = [first, blobReferences, idsOnce, fileContents, bitDepths];
