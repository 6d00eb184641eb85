import { PerchError } from '../../common/api/errors.ts';
import { isFrameFolder } from '../readers/pixel-files/image-size.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';
import { ingestLarge, isLargeFile } from './ingest-large.ts';
import { ingestRoll } from './ingest-roll.ts';
import { ingestSmall } from './ingest-small.ts';

/**
 * Reads an image file and its masks for an import: checksum, thumbnails, tiles and masks. Each page of a file is a separate image.
 * Images of more than `maxPixels` and the frames of a folder are also prepared for display. Unusable masks are reported as problems.
 *
 * @throws PerchError of the image, as `decodeImage`
 */
export async function ingestImage(
  request: EngineRequests['ingestImage']['request'],
  context: Pick<HandlerContext, 'signal' | 'report'>,
): Promise<EngineRequests['ingestImage']['response']> {
  const { path, strip, maxPixels } = request;
  if (await isFrameFolder(path)) return ingestRoll(request, context);
  if (strip) return ingestSmall(request);
  if (await isLargeFile(path, maxPixels)) return ingestLarge(request, context);
  try {
    return await ingestSmall(request);
  } catch (cause) {
    if (!(cause instanceof PerchError) || cause.code !== 'IMAGE_TOO_LARGE') throw cause;
    return ingestLarge(request, context);
  }
}
