import { by } from '../common/api/annotation.ts';
import { PerchError } from '../common/api/errors.ts';
import type { ErrorReport } from '../common/api/errors.ts';
import type { TileAddress } from '../common/tiles.ts';
import { portableName } from '../files/portable-name.ts';
import type { Services } from '../services/types.ts';
import { httpStatus, toPublicReport } from './http-errors.ts';

/** Handles a request of the page; never rejects. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** Whether a path names an asset (see contract.ts). */
export function isAsset(pathname: string): boolean {
  return /^\/assets\/(images|maps|masks|uploads)(\/|$)/.test(pathname);
}

/**
 * Serves data that is not sent in calls: images, anomaly maps, masks, dropped files.
 *
 * Ids are looked up in the store and never used as paths. A failure responds with an `ErrorReport` as JSON.
 *
 * @param uploadLimit largest dropped file, in bytes
 */
export function createAssets(services: Services, uploadLimit = 2 ** 30): FetchHandler {
  return async (request) => {
    try {
      return await handle(services, uploadLimit, request);
    } catch (thrown) {
      return errorResponse(toPublicReport(thrown));
    }
  };
}

/** The response after a failure. */
export function errorResponse(report: ErrorReport, headers: Record<string, string> = {}): Response {
  // An asset that is not made yet is no error, which browsers would log.
  const status = report.code === 'NOT_YET' ? 202 : httpStatus[report.code];
  return Response.json(report, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

/** The response for an unsupported HTTP method. */
export function methodNotAllowed(allowed: string): Response {
  const message = `This path supports only ${allowed}.`;
  return Response.json({ code: 'INVALID_ARGUMENT', message }, { status: 405, headers: { allow: allowed } });
}

async function handle(services: Services, uploadLimit: number, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const tile = tileAddress(url.pathname);
  if (tile) return await storedTile(services, tile, url.searchParams.has('values'), request);
  const [, kind, id] =
    /^\/assets\/(images|maps|masks|uploads)(?:\/([\w-][\w.-]{0,127}))?$/.exec(url.pathname) ?? [];
  if (kind === undefined || id === undefined)
    throw new PerchError('NOT_FOUND', 'There is no such asset. Reload the page.');
  if (kind === 'uploads') {
    if (request.method !== 'POST') return methodNotAllowed('POST');
    return await receiveUpload(services, uploadLimit, request, id, droppedPath(url));
  }
  if (kind === 'masks' && request.method === 'POST') return await saveMask(services, request, id, url);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return methodNotAllowed(kind === 'masks' ? 'GET, HEAD, POST' : 'GET, HEAD');
  if (kind === 'images' && url.searchParams.has('values')) return await imageValues(services, id, request);
  if (kind === 'images') return await storedImage(services, id, previewSide(url), request);
  const type = kind === 'masks' ? 'image/png' : 'application/octet-stream';
  return bytes(await services.imageAssets.blob(id), type, IMMUTABLE);
}

interface StoredTile {
  kind: string;
  id: string;
  tile: TileAddress;
}

function tileAddress(pathname: string): StoredTile | undefined {
  const [, kind, id, level, x, y] =
    /^\/assets\/(images|maps)\/(\w{1,64})\/tiles\/(\d{1,2})\/(\d{1,7})\/(\d{1,7})$/.exec(pathname) ?? [];
  if (kind === undefined) return undefined;
  return { kind, id, tile: { level: Number(level), x: Number(x), y: Number(y) } };
}

async function storedTile(
  services: Services,
  { kind, id, tile }: StoredTile,
  isValues: boolean,
  request: Request,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed('GET, HEAD');
  const { imageAssets } = services;
  if (kind === 'maps')
    return bytes(await imageAssets.mapTile(id, tile, request.signal), 'application/octet-stream', IMMUTABLE);
  const image = parseImageId(id);
  const tag = `"${imageAssets.content(image)}-${tile.level}-${tile.x}-${tile.y}${isValues ? '-values' : ''}"`;
  return withEtag(request, tag, async () =>
    isValues
      ? bytes(
          await imageAssets.tileValues(image, tile, request.signal),
          'application/octet-stream',
          REVALIDATE,
        )
      : bytes(await imageAssets.tile(image, tile, request.signal), 'image/png', REVALIDATE),
  );
}

/** For content addressed by its hash. */
const IMMUTABLE = 'private, max-age=31536000, immutable';

/** For content addressed by an id, which is revalidated by its ETag. */
const REVALIDATE = 'private, no-cache';

/** Whether the id in an address has the form of an image id. */
function isImageId(id: string): boolean {
  return /^[1-9]\d{0,14}$/.test(id);
}

/** @throws PerchError `NOT_FOUND` */
function parseImageId(id: string): number {
  if (isImageId(id)) return Number(id);
  throw new PerchError('NOT_FOUND', 'The image does not exist. Reload the page.');
}

async function storedImage(
  services: Services,
  id: string,
  side: number | undefined,
  request: Request,
): Promise<Response> {
  const image = parseImageId(id);
  const tag = `"${services.imageAssets.content(image)}-${side ?? 'full'}"`;
  return withEtag(request, tag, async () =>
    bytes(await services.imageAssets.png(image, side, request.signal), 'image/png', REVALIDATE),
  );
}

async function imageValues(services: Services, id: string, request: Request): Promise<Response> {
  const image = parseImageId(id);
  const tag = `"${services.imageAssets.content(image)}-values"`;
  return withEtag(request, tag, async () =>
    bytes(await services.imageAssets.values(image, request.signal), 'application/octet-stream', REVALIDATE),
  );
}

/** Responds with 304 if the page already has this content. */
async function withEtag(request: Request, tag: string, make: () => Promise<Response>): Promise<Response> {
  const headers = { etag: tag, 'cache-control': REVALIDATE };
  if (request.headers.get('if-none-match') === tag) return new Response(null, { status: 304, headers });
  const response = await make();
  response.headers.set('etag', tag);
  return response;
}

function bytes(body: Uint8Array<ArrayBuffer>, type: string, cache: string): Response {
  const headers = { 'content-type': type, 'content-length': String(body.length), 'cache-control': cache };
  return new Response(body, { headers });
}

/** Saves the body as the mask of an image and responds with the `Revision`. */
async function saveMask(services: Services, request: Request, id: string, url: URL): Promise<Response> {
  const base = url.searchParams.get('base') ?? '';
  const author = by.shape.author.safeParse(url.searchParams.get('author'));
  if (!isImageId(id) || !/^(0|[1-9]\d{0,8})$/.test(base) || !author.success) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      'A mask needs the id of its image, its author, and the revision that it is based on.',
    );
  }
  const store = url.searchParams.get('store');
  if (store !== null && store !== (await services.storage.identity(undefined, request.signal)).id)
    throw new PerchError('NOT_FOUND', 'Perch has opened another library. Reload this window.');
  const png = request.body ?? ReadableStream.from([]);
  const drawn = { image: Number(id), author: author.data, base: Number(base), png };
  const revision = await services.annotation.save(drawn, request.signal);
  return Response.json(revision, { headers: { 'cache-control': 'no-store' } });
}

function previewSide(url: URL): number | undefined {
  const side = url.searchParams.get('side');
  if (side === null) return undefined;
  if (/^[1-9]\d{0,3}$/.test(side)) return Number(side);
  throw new PerchError('INVALID_ARGUMENT', 'The side of a preview must be a whole number from 1 to 9999.');
}

/** Folders and name of a dropped file, checked so that the path stays below its folder, and made portable. */
function droppedPath(url: URL): string[] {
  const path = (url.searchParams.get('path') ?? '').split('/');
  if (path.length <= 32 && path.every(isPlainName)) return path.map(portableName);
  throw new PerchError('INVALID_ARGUMENT', 'The path of a dropped file must consist of plain names.');
}

function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || Buffer.byteLength(name) > 255) return false;
  return ![...name].some((letter) => letter < ' ' || letter === '\\');
}

async function receiveUpload(
  services: Services,
  limit: number,
  request: Request,
  drop: string,
  path: string[],
): Promise<Response> {
  const tooLarge = new PerchError(
    'IMAGE_TOO_LARGE',
    `${path.at(-1)} exceeds the ${Math.ceil(limit / 2 ** 20)} MiB limit for dropped files.`,
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
    const folder = await services.uploads.receive(
      drop,
      path,
      limited(request.body ?? ReadableStream.from([])),
    );
    return Response.json({ path: folder }, { headers: { 'cache-control': 'no-store' } });
  } catch (thrown) {
    // To the service, aborting at the limit looks like any other write error.
    throw size > limit ? tooLarge : thrown;
  }
}
