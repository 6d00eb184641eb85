import { join } from 'node:path';
import { PerchError } from '../../../common/api/errors.ts';
import type { Size } from '../../../common/geometry.ts';
import type { PlacedMap } from '../../../common/maps/placed-map.ts';
import { dataDirectory } from '../../../files/data-dir.ts';
import { PARTIAL_MAPS_FOLDER } from '../../../files/large-image-folders.ts';
import { splitPage } from '../../../files/paged-path.ts';
import type { EngineRequests } from '../../protocol/messages.ts';
import { LARGE_PIXELS } from '../../readers/image-limits.ts';
import { imageSize, isFrameFolder } from '../../readers/pixel-files/image-size.ts';
import { openPixelFile } from '../../readers/pixel-files/open-pixel-file.ts';
import { pixelStorage } from '../../readers/pixel-files/pixel-storage.ts';
import type { PixelSource } from '../../readers/pixel-source.ts';
import { StageTimer, type HandlerContext } from '../../runtime/handler-context.ts';
import { assertFiniteMap } from '../anomaly-map.ts';
import { imageChanged } from '../image-cache.ts';
import { assertAnyInside, assertRegionFits, insideFeatures, placeOnFile } from '../region.ts';
import { inspectInBlocks } from './inspect-blocks.ts';
import { type MethodInBlocks, methodInBlocks } from './method-in-blocks.ts';
import { openPartialMap } from './partial-map.ts';
import { rgbSource } from './rgb-source.ts';

type Request = EngineRequests['inspect']['request'];
type Answer = EngineRequests['inspect']['response'];

/**
 * Inspects a large image in blocks. Memory does not grow with the image, except for its map.
 *
 * @returns undefined if the image is small, or if the method needs the whole image and the image is within `maxPixels`
 * @throws PerchError `IMAGE_TOO_LARGE` if the method needs the whole image, and the image exceeds `maxPixels`
 */
export async function inspectLarge(request: Request, context: HandlerContext): Promise<Answer | undefined> {
  const method = await planMethod(request);
  if (!method) return undefined;
  const timer = new StageTimer(context);
  const pixels = await timer.time('decode', ({ signal, onProgress }) =>
    openPixelFile(request, {
      ...pixelStorage(),
      signal,
      report: onProgress,
    }),
  );
  try {
    if (request.sha256 !== undefined && request.sha256 !== pixels.sha256) throw imageChanged(request.path);
    return await inspectPixels(pixels, method, request, timer);
  } finally {
    await pixels.close();
  }
}

/** The method in blocks, if the image is to be inspected in blocks. */
async function planMethod(request: Request): Promise<MethodInBlocks | undefined> {
  const { path, direction, crop, maxPixels } = request;
  // A file that cannot be read is reported by the reader of whole images.
  const size = crop ?? (await imageSize(path, direction).catch(() => undefined));
  if (!size) return undefined;
  const pixels = size.width * size.height;
  const isFolder = await isFrameFolder(path);
  if (pixels <= LARGE_PIXELS && !isFolder) return undefined;
  const method = methodInBlocks(request.method, size);
  if (typeof method !== 'string') return method;
  if (pixels <= maxPixels) return undefined;
  throw tooLarge(path, size, method);
}

function tooLarge(path: string, { width, height }: Size, reason: string): PerchError {
  return new PerchError(
    'IMAGE_TOO_LARGE',
    `${path} has ${width} x ${height} pixels, so it can only be inspected in blocks. This method cannot: ${reason} ` +
      'Cut the image into tiles, resize it, or choose the extractor "gabor" with the statistic "fca" and the reference "median".',
    undefined,
    { kind: 'resize-images' },
  );
}

async function inspectPixels(
  pixels: PixelSource,
  method: MethodInBlocks,
  request: Request,
  timer: StageTimer,
): Promise<Answer> {
  const { context } = timer;
  assertRegionFits(request, pixels);
  const { runner, provider } = await context.runnerFor(request.provider);
  using device = await context.statisticDeviceFor(request.provider);
  const { local, modelSha256 = null } = method.extractor;
  const extent = local.extent(pixels);
  const placement = { extentWidth: extent.width, extentHeight: extent.height };
  const inside = insideFeatures({ ...placement, features: local.positions(pixels) }, pixels, request);
  const folder = join(dataDirectory(), PARTIAL_MAPS_FOLDER);
  using _lock = await context.computeMutex.acquire(context.signal);
  let store: Awaited<ReturnType<typeof openPartialMap>> | undefined;
  try {
    const { chosen } = await inspectInBlocks(
      rgbSource(pixels),
      method,
      { inside },
      async (size, blocks) => {
        const inputs = inputsOf(pixels, method, request, [provider, device.name]);
        store = await openPartialMap(folder, inputs, size, blocks);
        return store;
      },
      { models: runner, backend: device.backend },
      timer,
    );
    if (!store) throw new Error('unreachable: no place for the scores was opened');
    const placed: PlacedMap = {
      map: assertFiniteMap(await store.take(), 'the method'),
      ...placeOnFile(placement, pixels, request),
    };
    assertAnyInside(placed, request.path);
    const { notes, sha256: imageSha256 } = pixels;
    const statisticDevice = device.ranOn();
    return {
      placed,
      notes,
      seconds: timer.seconds,
      provider,
      imageSha256,
      modelSha256,
      chosen,
      ...(statisticDevice !== undefined && { statisticDevice }),
    };
  } finally {
    await store?.close();
    // Otherwise, the graphs would keep the memory that they needed for a block.
    await runner.release?.();
  }
}

/** Everything that the scores of an image depend on. */
function inputsOf(
  { sha256 }: PixelSource,
  { extractor, statistic, parameters }: MethodInBlocks,
  { path, direction, crop, bitDepth, method, region }: Request,
  devices: (string | null)[],
) {
  return [
    sha256,
    splitPage(path).page,
    direction,
    crop,
    bitDepth,
    region,
    ...devices,
    extractor.name,
    extractor.modelSha256,
    statistic.name,
    parameters,
    'reference' in method ? method.reference : null,
  ];
}
