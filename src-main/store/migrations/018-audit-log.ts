import { registerActor } from '../actor.ts';
import { auditTriggers, type Trigger } from './018-audit-triggers.ts';
import type { Migration } from './migration.ts';

const ENTRIES = `
CREATE TABLE audit_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  subject_type TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  subject_name TEXT NOT NULL,
  action TEXT NOT NULL,
  before TEXT CHECK (before IS NULL OR json_valid(before)),
  after TEXT CHECK (after IS NULL OR json_valid(after))
) STRICT;
CREATE INDEX audit_entries_by_subject ON audit_entries (subject_type, subject_id, id);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor, id);
CREATE INDEX audit_entries_by_time ON audit_entries (at);

CREATE TRIGGER audit_entries_never_change BEFORE UPDATE ON audit_entries BEGIN
  SELECT RAISE(ABORT, 'Entries of the audit log never change.');
END;
CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries BEGIN
  SELECT RAISE(ABORT, 'Entries of the audit log are never removed.');
END;
CREATE TRIGGER audit_entries_are_not_replaced BEFORE INSERT ON audit_entries
  WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id) BEGIN
  SELECT RAISE(ABORT, 'Entries of the audit log are never replaced.');
END;
`;

function triggerSql(trigger: Trigger, index: number): string {
  const {
    event,
    when = '1',
    type,
    id,
    name,
    person = 'NULL',
    action,
    before = 'NULL',
    after = 'NULL',
  } = trigger;
  return `CREATE TRIGGER audit_${type.replace('-', '_')}_${index} ${event} WHEN ${when} BEGIN
    INSERT INTO audit_entries (at, actor, subject_type, subject_id, subject_name, action, before, after) VALUES (
      strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
      actor(${person}, (SELECT value FROM settings WHERE name = 'operator')),
      '${type}', ${id}, coalesce(${name}, ''), ${action}, ${before}, ${after});
  END;`;
}

/**
 * The audit log. Triggers add its entries in the transaction of the change, so that no change is without one. The removal of a
 * dataset, an image, a session, a recipe or a station adds one entry and not one per row that is removed with it.
 */
export const auditLog: Migration = (database) => {
  registerActor(database);
  database.exec(ENTRIES + auditTriggers.map(triggerSql).join('\n'));
};
