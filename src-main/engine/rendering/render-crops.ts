import sharp from 'sharp';
import type { Crop } from '../../common/geometry.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { to8Bit } from '../readers/eight-bit.ts';
import { openPixelFile } from '../readers/pixel-files/open-pixel-file.ts';
import { pixelStorage } from '../readers/pixel-files/pixel-storage.ts';
import type { PixelSource } from '../readers/pixel-source.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';

const JPEG = { quality: 82, chromaSubsampling: '4:4:4' };

/** Color and width in pixels of the frame around a box. */
const FRAME = { color: '#ff3b30', width: 2 };

/** Renders parts of an image of any size as JPEG files of `side` x `side` pixels at most, with a frame around the box in each. */
export async function renderCrops(
  { crops, side, ...source }: EngineRequests['renderCrops']['request'],
  { signal, report }: HandlerContext,
): Promise<EngineRequests['renderCrops']['response']> {
  const pixels = await openPixelFile(source, { ...pixelStorage(), signal });
  try {
    const pictures: Uint8Array[] = [];
    for (const crop of crops) {
      signal.throwIfAborted();
      report({ stage: 'decode', fraction: pictures.length / crops.length });
      pictures.push(await renderCrop(pixels, crop, side));
    }
    return { pictures };
  } finally {
    await pixels.close();
  }
}

async function renderCrop(
  pixels: PixelSource,
  { box, ...part }: Crop & { box: Crop },
  side: number,
): Promise<Uint8Array> {
  const block = await pixels.read(part);
  const { width, height } = block;
  const scale = Math.min(4, side / Math.max(width, height));
  const size = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const [left, top] = [
    (box.left - part.left) * scale - FRAME.width,
    (box.top - part.top) * scale - FRAME.width,
  ];
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"><rect x="${left}" y="${top}" width="${box.width * scale + 2 * FRAME.width}" height="${box.height * scale + 2 * FRAME.width}" fill="none" stroke="${FRAME.color}" stroke-width="${FRAME.width}"/></svg>`;
  return sharp(to8Bit(block).data, { raw: { width, height, channels: block.channels } })
    .resize({ ...size, fit: 'fill', kernel: scale > 1 ? 'nearest' : 'lanczos3' })
    .toColourspace('srgb')
    .composite([{ input: Buffer.from(frame) }])
    .jpeg(JPEG)
    .toBuffer();
}
