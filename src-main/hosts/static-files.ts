import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { PerchError } from '../common/api/errors.ts';
import { remedyFor } from '../platform/remedies.ts';
import { methodNotAllowed, errorResponse } from './assets.ts';
import type { FetchHandler } from './assets.ts';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Serves the built renderer and nothing outside its folder. `/` is `index.html`.
 *
 * @throws PerchError `NOT_FOUND` if the renderer has not been built
 */
export async function serveStaticFiles(folder: string): Promise<FetchHandler> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined || !(await resolveWithin(root, '/index.html')))
    throw new PerchError('NOT_FOUND', `The user interface is missing in ${folder}. ${remedyFor('screens')}`);

  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed('GET, HEAD');
    const { pathname } = new URL(request.url);
    const file = await resolveWithin(root, pathname === '/' ? '/index.html' : pathname);
    const body = file && (await readFile(file).catch(() => undefined));
    if (!body) return errorResponse({ code: 'NOT_FOUND', message: 'Not found.' });
    const headers = {
      'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
      'content-length': String(body.length),
      'cache-control': 'no-cache',
    };
    return new Response(body, { headers });
  };
}

/**
 * Resolves a path of a URL to a file below `root`, which must be a real path. Undefined for hidden files, unusual names, and
 * anything outside the folder, also through a link.
 */
export async function resolveWithin(root: string, pathname: string): Promise<string | undefined> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  const segments = decoded.split('/').slice(1);
  if (segments.some((segment) => !/^[\w@][\w@.~ +-]*$/.test(segment))) return undefined;
  const file = await realpath(join(root, ...segments)).catch(() => undefined);
  return file?.startsWith(root + sep) ? file : undefined;
}
