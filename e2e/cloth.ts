import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Browser, Page } from 'playwright-core';
import { perch } from '../src-main/test/perch.ts';
import { startHost, type Host } from './host.ts';
import { lay, weave, type Blemish } from './textures.ts';
import { enter, openWindow } from './window.ts';

/** A host whose store has one dataset: `cloth`, of the class `linen` or more, with ground truth. */
export interface Cloth {
  host: Host;
  folder: string;
  /** Opens a place of the window, `#/inspect?...`, and notes what goes wrong in the page. */
  open(hash: string, problems: string[]): Promise<Page>;
  /** Ends the host as a power cut would, and starts it again on the same store. */
  cut(): Promise<void>;
  stop(): Promise<void>;
}

/** An image of a class: its defect kind, `good` for none, and its blemishes. */
export interface Piece {
  /** `linen` by default. */
  textureClass?: string;
  kind: string;
  name: string;
  blemishes: Blemish[];
}

/** @param side of the images, in pixels */
export async function startWithCloth(
  browser: Browser,
  pieces: readonly Piece[],
  side: number,
): Promise<Cloth> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-e2e-'));
  for (const [seed, { textureClass = 'linen', kind, name, blemishes }] of pieces.entries()) {
    const root = join(folder, 'cloth', textureClass);
    await lay({ [join(root, 'test', kind, `${name}.png`)]: await weave(side, seed + 1, blemishes) });
    if (blemishes.length > 0)
      await lay({ [join(root, 'ground_truth', kind, `${name}_mask.png`)]: await mask(side, blemishes) });
  }
  const home = join(folder, 'home');
  process.env.PERCH_HOME = home;
  const imported = await perch('datasets', 'import', join(folder, 'cloth'), '--layout', 'mvtec');
  if (imported.code !== 0) throw new Error(imported.stderr);
  const host = await startHost({ home });
  let context = await enter(browser, host);
  return {
    host,
    folder,
    open: (hash, problems) => openWindow(context, host, hash, problems),
    async cut() {
      // Closing its context would end the desktop application in good order.
      if (!host.desktop) await context.close();
      await host.restart('SIGKILL');
      context = await enter(browser, host);
    },
    async stop() {
      if (!host.desktop) await context.close();
      await host.stop();
      delete process.env.PERCH_HOME;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function mask(side: number, blemishes: readonly Blemish[]): Promise<Buffer> {
  const pixels = Buffer.alloc(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      if (blemishes.some((spot) => Math.hypot(x - spot.x, y - spot.y) < spot.radius))
        pixels[y * side + x] = 255;
  return await sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}
