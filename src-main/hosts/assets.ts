import { PerchError } from '../api/errors.ts';
import type { ErrorReport } from '../api/errors.ts';
import type { Services } from '../services/services.ts';
import { httpStatus, publicReport } from './failures.ts';

/** Answers one request of the page, as the Fetch standard has it; never rejects. */
export type Answer = (request: Request) => Promise<Response>;

/** Whether the address is one of the assets that contract.ts names. */
export function isAsset(pathname: string): boolean {
  return /^\/assets\/(images|maps|uploads)(\/|$)/.test(pathname);
}

/**
 * The bytes that do not travel as calls: images, anomaly maps, dropped files.
 *
 * Ids are looked up among what is open, never turned into paths. Failures answer with an `ErrorReport` as JSON.
 *
 * @param uploadLimit largest dropped file, in bytes
 */
export function createAssets(services: Services, uploadLimit = 2 ** 30): Answer {
  return async (request) => {
    try {
      return await answer(services, uploadLimit, request);
    } catch (thrown) {
      return refusal(publicReport(thrown));
    }
  };
}

/** A failure as a response. */
export function refusal(report: ErrorReport, headers: Record<string, string> = {}): Response {
  const status = httpStatus[report.code];
  return Response.json(report, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

/** The answer to a method that an address does not have. */
export function methodRefusal(allowed: string): Response {
  const message = `This address answers to ${allowed} only.`;
  return Response.json({ code: 'INVALID_ARGUMENT', message }, { status: 405, headers: { allow: allowed } });
}

async function answer(services: Services, uploadLimit: number, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [, kind, id] =
    /^\/assets\/(images|maps|uploads)(?:\/([\w-][\w.-]{0,127}))?$/.exec(url.pathname) ?? [];
  if (kind === undefined || id === undefined) throw new PerchError('NOT_FOUND', 'There is no such asset.');
  if (kind === 'uploads') {
    if (request.method !== 'POST') return methodRefusal('POST');
    return await receive(services, uploadLimit, request, id, droppedPath(url));
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodRefusal('GET, HEAD');
  if (kind === 'maps') return bytes(services.inspections.map(id), 'application/octet-stream', 'no-store');
  // Kept only by the window that asked: the id names this file for as long as it is open.
  return bytes(
    await services.previews.png(id, previewSide(url), request.signal),
    'image/png',
    'private, max-age=300',
  );
}

function bytes(body: Uint8Array<ArrayBuffer>, type: string, cache: string): Response {
  const headers = { 'content-type': type, 'content-length': String(body.length), 'cache-control': cache };
  return new Response(body, { headers });
}

function previewSide(url: URL): number | undefined {
  const side = url.searchParams.get('side');
  if (side === null) return undefined;
  if (/^[1-9]\d{0,3}$/.test(side)) return Number(side);
  throw new PerchError(
    'INVALID_ARGUMENT',
    'The side of a preview is a whole number of pixels from 1 to 9999.',
  );
}

/** Folders and name of a dropped file: plain names, so that no path leaves the folder of its drop. */
function droppedPath(url: URL): string[] {
  const path = (url.searchParams.get('path') ?? '').split('/');
  if (path.length <= 32 && path.every(isPlainName)) return path;
  throw new PerchError('INVALID_ARGUMENT', 'A dropped file needs a path of plain names.');
}

function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || Buffer.byteLength(name) > 255) return false;
  return ![...name].some((letter) => letter < ' ' || letter === '\\');
}

async function receive(
  services: Services,
  limit: number,
  request: Request,
  drop: string,
  path: string[],
): Promise<Response> {
  const tooLarge = new PerchError(
    'IMAGE_TOO_LARGE',
    `${path.at(-1)} is larger than the ${Math.ceil(limit / 2 ** 20)} MiB that can be dropped at once.`,
  );
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge;
  let size = 0;
  async function* limited(body: AsyncIterable<Uint8Array>) {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limit) throw tooLarge;
      yield chunk;
    }
  }
  try {
    const folder = await services.library.receive(
      drop,
      path,
      limited(request.body ?? ReadableStream.from([])),
    );
    return Response.json({ path: folder }, { headers: { 'cache-control': 'no-store' } });
  } catch (thrown) {
    // To whoever stores the bytes an end by the limit looks like any failure to write.
    throw size > limit ? tooLarge : thrown;
  }
}
