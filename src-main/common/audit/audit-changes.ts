import type { AuditEntry } from '../api/audit.ts';

type Json = AuditEntry['before'];

/** A value that an entry changed, by its path in the subject: `thresholds.reject`. */
export interface AuditChange {
  path: string;
  /** Undefined if there was none. */
  before: string | undefined;
  after: string | undefined;
}

const MAX_LENGTH = 120;

/**
 * The values that differ before and after a change, one per path, in the order of the subject's fields. Empty values are left out if
 * the subject was added or removed.
 */
export function auditChanges({ before, after }: Pick<AuditEntry, 'before' | 'after'>): AuditChange[] {
  const [old, now] = [flatten(before), flatten(after)];
  const paths = new Set([...old.keys(), ...now.keys()]);
  return [...paths].flatMap((path) => {
    const change = { path, before: old.get(path), after: now.get(path) };
    if (change.before === change.after) return [];
    const value = before === null ? change.after : after === null ? change.before : undefined;
    return value === '' || value === 'null' ? [] : [change];
  });
}

/** The leaves of a value as text, by path. A list is a leaf, because its items have no names. */
function flatten(value: Json, path = '', leaves = new Map<string, string>()): Map<string, string> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    for (const [name, part] of Object.entries(value)) flatten(part, path ? `${path}.${name}` : name, leaves);
  } else if (value !== null || path !== '') {
    leaves.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return leaves;
}

/** A path for display: `sizeLimits.minArea` as "size limits, min area". */
export function pathText(path: string): string {
  return path.replaceAll(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('.', ', ');
}

/** A value for display, shortened. Empty text is shown as quotes. */
export function valueText(value: string | undefined): string {
  if (value === undefined) return '–';
  if (value === '') return '""';
  return value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH)}…` : value;
}
