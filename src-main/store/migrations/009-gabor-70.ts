import type Database from 'better-sqlite3';
import { canonicalJson } from '../../common/canonical-json.ts';
import type { Migration } from './migration.ts';

/**
 * The extractor `gabor` gets 70 channels, and the one with 67 channels becomes `gabor67`. Stored methods keep
 * the extractor that computed their results. Results record the patch size and parameters that a method chose
 * for the image.
 */
export const gabor70: Migration = (database) => {
  database.exec('ALTER TABLE results ADD COLUMN chosen TEXT'); // JSON by name; null if the method fixes them
  renameMethods(database);
};

function renameMethods(database: Database.Database): void {
  const methods = database
    .prepare<[], { id: number; label: string; definition: string }>(
      'SELECT id, label, definition FROM methods WHERE definition IS NOT NULL',
    )
    .all();
  const update = database.prepare('UPDATE methods SET key = ?, definition = ?, label = ? WHERE id = ?');
  for (const { id, label, definition } of methods) {
    const method = JSON.parse(definition) as { extractor?: string };
    if (method.extractor !== 'gabor') continue;
    const renamed = canonicalJson({ ...method, extractor: 'gabor67' });
    update.run(renamed, renamed, formerLabel(label), id);
  }
}

/** Labels are unique, and a preset's label now belongs to another method. */
function formerLabel(label: string): string {
  return label.startsWith('gabor,') ? label.replace('gabor', 'gabor67') : `${label} (gabor67)`;
}
