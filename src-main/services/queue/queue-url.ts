import { PerchError } from '../../common/api/errors.ts';

/** The environment variable with the URL of the queue's database. */
export const QUEUE_VARIABLE = 'PERCH_QUEUE';

/**
 * The URL of a queue's PostgreSQL database.
 *
 * @throws PerchError `INVALID_ARGUMENT` if it is not a PostgreSQL URL; the message contains no password
 */
export function parseQueueUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1) return url;
  throw new PerchError(
    'INVALID_ARGUMENT',
    'The queue is not the URL of a PostgreSQL database. It has the form postgres://USER@HOST/DATABASE.',
  );
}

/**
 * The same for a URL that other users of this machine can see, such as a command-line argument or a setting.
 *
 * @throws PerchError `INVALID_ARGUMENT` if it contains a password
 */
export function parseVisibleQueueUrl(text: string): URL {
  const url = parseQueueUrl(text);
  if (url.password === '' && !url.searchParams.has('password')) return url;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The URL of the queue contains a password, which others can read there. Leave it out, and put the password into PGPASSWORD, ` +
      `the file ~/.pgpass or the Settings screen, or the whole URL into the environment variable ${QUEUE_VARIABLE}.`,
  );
}

/** A queue's URL without its password, for display. */
export function withoutPassword(text: string): string {
  const url = new URL(text);
  url.password = '';
  url.searchParams.delete('password');
  return url.href;
}
