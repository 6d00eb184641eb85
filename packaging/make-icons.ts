/**
 * Creates the packages' icons from `assets/icons/perch.svg`: `node packaging/make-icons.ts`. They are
 * committed because electron-builder would otherwise download a converter.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const folder = join(import.meta.dirname, '../assets/icons');
const drawing = join(folder, 'perch.svg');
const DRAWING_SIDE = 512;

/** Fraction of the side that the drawing fills. The macOS icon grid has a margin: 824 of 1024. */
const MAC_SCALE = 824 / 1024 / (480 / DRAWING_SIDE);

async function draw(side: number, scale = 1): Promise<Buffer> {
  const inner = Math.round(side * scale);
  const density = Math.max(1, (72 * inner) / DRAWING_SIDE);
  const margin = side - inner;
  const [before, after] = [Math.floor(margin / 2), Math.ceil(margin / 2)];
  return await sharp(drawing, { density })
    .resize(inner, inner)
    .extend({
      top: before,
      left: before,
      bottom: after,
      right: after,
      background: { r: 0, g: 0, b: 0, alpha: 0 },
    })
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** A Windows icon: a directory with 16 bytes per image, then the images as PNG. */
async function ico(sides: number[]): Promise<Buffer> {
  const images = await Promise.all(sides.map((side) => draw(side)));
  const head = Buffer.alloc(6 + 16 * sides.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(sides.length, 4);
  let offset = head.length;
  for (const [at, image] of images.entries()) {
    const entry = 6 + 16 * at;
    // 0 means 256.
    head.writeUInt8(sides[at] % 256, entry);
    head.writeUInt8(sides[at] % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(image.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += image.length;
  }
  return Buffer.concat([head, ...images]);
}

/** A macOS icon: chunks with a type, which encodes a size in points and a scale, and a PNG. */
async function icns(types: Record<string, number>): Promise<Buffer> {
  const chunk = (type: string, content: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(8 + content.length, 4);
    return Buffer.concat([head, content]);
  };
  const chunks: Buffer[] = [];
  for (const [type, side] of Object.entries(types)) chunks.push(chunk(type, await draw(side, MAC_SCALE)));
  return chunk('icns', Buffer.concat(chunks));
}

await mkdir(join(folder, 'linux'), { recursive: true });
for (const side of [16, 24, 32, 48, 64, 128, 256, 512])
  await writeFile(join(folder, 'linux', `${side}x${side}.png`), await draw(side));
await writeFile(join(folder, 'perch.ico'), await ico([16, 24, 32, 48, 64, 128, 256]));
const icnsTypes = { ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 };
await writeFile(join(folder, 'perch.icns'), await icns(icnsTypes));
