import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import sharp from 'sharp';
import type { CoveredImage } from '../src-main/common/maps/cover.ts';
import { readNpy } from '../src-main/common/maps/npy.ts';
import { resizeToImage } from '../src-main/common/maps/resize.ts';
import type { Size } from '../src-renderer/mask/mask.ts';

/** The newest ground truth of an image as it lies on disk. */
export interface KeptTruth {
  revision: number;
  groundTruth: string;
  author: string;
  /** 0 or 255 each, row by row; undefined unless masked. */
  pixels: Uint8Array | undefined;
}

/** Reads it from the store of a host, whether or not that runs. */
export async function keptTruth(home: string, image: number): Promise<KeptTruth | undefined> {
  const database = new Database(join(home, 'perch.db'), { readonly: true });
  const row = database
    .prepare(
      `SELECT revision, ground_truth AS groundTruth, author, mask FROM revisions
       WHERE image_id = ? ORDER BY revision DESC LIMIT 1`,
    )
    .get(image) as { revision: number; groundTruth: string; author: string; mask: string | null } | undefined;
  database.close();
  if (!row) return undefined;
  const { mask, ...rest } = row;
  return {
    ...rest,
    pixels:
      mask === null ? undefined : await grayPixels(readFileSync(join(home, 'blobs', mask.slice(0, 2), mask))),
  };
}

/** The one result of an image as it lies on disk, at the size of the image, and the threshold that a person has set. */
export async function keptScores(
  home: string,
  image: number,
): Promise<{ scores: CoveredImage['map']; threshold: number }> {
  const database = new Database(join(home, 'perch.db'), { readonly: true });
  const row = database
    .prepare(
      `SELECT map, width, height, cover_width AS coverWidth, cover_height AS coverHeight, thresholds.score AS threshold
       FROM results JOIN thresholds USING (method_id) WHERE image_id = ?`,
    )
    .get(image) as { map: string; threshold: number } & Omit<CoveredImage, 'map'>;
  database.close();
  const { shape, values } = readNpy(readFileSync(join(home, 'blobs', row.map.slice(0, 2), row.map)));
  const map = { values, height: shape[0], width: shape[1] };
  return { scores: resizeToImage({ ...row, map }), threshold: row.threshold };
}

/** The pixels of a PNG, which has to be 8-bit gray. */
export async function grayPixels(png: Buffer): Promise<Uint8Array> {
  const { channels, depth } = await sharp(png).metadata();
  if (channels !== 1 || depth !== 'uchar') throw new Error(`A mask has ${channels} channels of ${depth}.`);
  return new Uint8Array(await sharp(png).toColourspace('b-w').raw().toBuffer());
}

/** Where two masks differ, in words; empty where they do not. */
export function difference(a: Uint8Array | undefined, b: Uint8Array, { width }: Size): string {
  if (!a) return 'There is no mask.';
  if (a.length !== b.length) return `${a.length} pixels, not ${b.length}`;
  const places = [...a.keys()].filter((at) => a[at] !== b[at]);
  if (places.length === 0) return '';
  const [at] = places;
  return `${places.length} pixels differ, the first at ${at % width}, ${Math.floor(at / width)}: ${a[at]}, not ${b[at]}`;
}
