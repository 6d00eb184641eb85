import sharp from 'sharp';
import type { Crop, Size } from '../../common/geometry.ts';
import { stripExtent } from '../ingest/strip-extent.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { previewImage } from '../pyramids/preview-image.ts';
import { pieceOutline } from './piece-outline.ts';

type Request = EngineRequests['proposeRegions']['request'];
type Response = EngineRequests['proposeRegions']['response'];

/** Minimum ratio of a strip's longer side to its shorter side. */
const STRIP_RATIO = 3;

/** Larger strips and other images are shrunk to fit this side. */
const STRIP_SIDE = 4096;
const PIECE_SIDE = 1024;

/**
 * Proposes regions to inspect: the extent of the fabric on a strip, or the outline of a piece. Proposes
 * nothing if the image shows nothing else.
 */
export async function proposeRegions(image: Request): Promise<Response> {
  const isStrip = Math.max(image.width, image.height) >= STRIP_RATIO * Math.min(image.width, image.height);
  const gray = await readGray(image, isStrip ? STRIP_SIDE : PIECE_SIDE);
  const found = isStrip ? fabricOn(gray) : pieceOutline(gray.values, gray);
  if (!found) return { proposals: [] };
  const title = isStrip ? 'Extent of the fabric' : 'Outline of the piece';
  const rectangle = { type: 'rectangle' as const, ...scaleInward(found, gray, image) };
  return { proposals: [{ title, region: { include: [rectangle], exclude: [], border: 0 } }] };
}

/** A gray image, 0 to 255. */
interface Gray extends Size {
  values: Uint8Array;
}

async function readGray({ path, ...options }: Request, side: number): Promise<Gray> {
  const png = await previewImage(path, side, options);
  const { data, info } = await sharp(png)
    .toColourspace('b-w')
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { values: data, width: info.width, height: info.height };
}

/** The fabric on a strip; undefined if it covers the whole strip. */
function fabricOn(strip: Gray): Crop | undefined {
  const isTall = strip.height > strip.width;
  const { values, width, height } = isTall ? transpose(strip) : strip;
  const { start, end } = stripExtent(values, { width, height });
  if (start === 0 && end === width) return undefined;
  return isTall
    ? { left: 0, top: start, width: height, height: end - start }
    : { left: start, top: 0, width: end - start, height };
}

function transpose({ values, width, height }: Gray): Gray {
  const turned = values.map((_, at) => values[(at % height) * width + Math.floor(at / height)]);
  return { values: turned, width: height, height: width };
}

/**
 * Converts a rectangle of a shrunk image to whole pixels of the original image, no larger than the rectangle.
 */
function scaleInward({ left, top, width, height }: Crop, from: Size, to: Size): Crop {
  const [x, y] = [to.width / from.width, to.height / from.height];
  const [newLeft, newTop] = [Math.ceil(left * x), Math.ceil(top * y)];
  return {
    left: newLeft,
    top: newTop,
    width: Math.floor((left + width) * x) - newLeft,
    height: Math.floor((top + height) * y) - newTop,
  };
}
