import type Database from 'better-sqlite3';
import { initialSchema } from './001-initial-schema.ts';
import { blobReferences } from './002-blob-references.ts';
import { idsOnce } from './003-ids-once.ts';
import { fileContents } from './004-file-contents.ts';
import { bitDepths } from './005-bit-depths.ts';
import { domainNames } from './006-domain-names.ts';
import { recipes } from './007-recipes.ts';
import { blindReviews } from './008-blind-reviews.ts';
import { gabor70 } from './009-gabor-70.ts';
import { imageScore } from './010-image-score.ts';
import { otherImages } from './011-other-images.ts';
import { rolls } from './012-rolls.ts';
import { scales } from './013-scales.ts';
import { skippedClasses } from './014-skipped-classes.ts';
import { stations } from './015-stations.ts';
import { workers } from './016-workers.ts';
import { outputs } from './017-outputs.ts';
import { auditLog } from './018-audit-log.ts';
import { stationRolls } from './019-station-rolls.ts';
import type { Migration } from './migration.ts';

const migrations: readonly Migration[] = [
  initialSchema,
  blobReferences,
  idsOnce,
  fileContents,
  bitDepths,
  domainNames,
  recipes,
  blindReviews,
  gabor70,
  imageScore,
  otherImages,
  rolls,
  scales,
  skippedClasses,
  stations,
  workers,
  outputs,
  auditLog,
  stationRolls,
];

/** The newest schema version, which is the number of migrations. */
export const SCHEMA_VERSION = migrations.length;

/** Version of a database's schema; 0 for an empty one. */
export function versionOf(database: Database.Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

/** Migrates a schema to `version`. The caller opens the transaction. */
export function migrate(database: Database.Database, version = SCHEMA_VERSION): void {
  for (let next = versionOf(database); next < version; next++) {
    const migration = migrations[next];
    if (typeof migration === 'string') database.exec(migration);
    else migration(database);
    database.pragma(`user_version = ${next + 1}`);
  }
}
