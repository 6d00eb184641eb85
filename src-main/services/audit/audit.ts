import type { AuditEntry } from '../../common/api/audit.ts';
import type { Store } from '../../store/store.ts';
import { csv } from '../csv.ts';
import type { Services } from '../types.ts';

const COLUMNS = ['id', 'at', 'actor', 'subjectType', 'subjectId', 'subjectName', 'action', 'before', 'after'];

/** The procedures for the audit log. */
export function openAudit(store: Store): Services['audit'] {
  return {
    list: ({ before, limit, ...filter }) => ({
      entries: store.audit.list(filter, before, limit),
      total: store.audit.count(filter),
    }),
    actors: () => ({ actors: store.audit.actors() }),
    export({ format, ...filter }) {
      const entries = [...store.audit.all(filter)];
      if (format === 'json')
        return {
          name: 'audit-log.json',
          mediaType: 'application/json',
          content: `${JSON.stringify({ store: store.id, entries }, null, 2)}\n`,
        };
      return {
        name: 'audit-log.csv',
        mediaType: 'text/csv;charset=utf-8',
        content: csv(COLUMNS, entries.map(fieldsOf)),
      };
    },
  };
}

function fieldsOf({ id, at, actor, subject, action, before, after }: AuditEntry) {
  const json = (value: AuditEntry['before']) => (value === null ? null : JSON.stringify(value));
  return [id, at, actor, subject.type, subject.id, subject.name, action, json(before), json(after)];
}
