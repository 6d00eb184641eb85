import type { Services } from '../types.ts';

/** The procedures for the audit log. */
export function openAudit(): Services['audit'] {
  return {
    list: () => ({ entries: [], total: 0 }),
    actors: () => ({ actors: [] }),
    export: ({ format }) => ({ name: `audit.${format}`, mediaType: 'text/plain', content: '' }),
  };
}
