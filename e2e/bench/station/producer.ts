import { open, copyFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { mulberry32 } from '../../../src-main/methods/prng.ts';

/** How an image arrives. */
export type Arrival = 'renamed in' | 'written' | 'half-written' | 'renamed later' | 'duplicate';

export interface Dropped {
  /** Its last name in the folder. */
  file: string;
  how: Arrival;
  /** When the file was whole, ms since 1970. */
  wholeAt: number;
}

/** A camera: writes images of a woven texture into a folder, some with a flaw, in all the ways in which programs write files. */
export class Producer {
  readonly dropped: Dropped[] = [];
  readonly #folder: string;
  readonly #side: number;
  readonly #random = mulberry32(7);
  readonly #late: Promise<void>[] = [];

  constructor(folder: string, side: number) {
    this.#folder = folder;
    this.#side = side;
  }

  /** Drops the next image. Resolves when it is on its way. */
  async drop(number: number): Promise<void> {
    const name = `piece-${String(number).padStart(6, '0')}.png`;
    const chance = this.#random();
    if (chance < 0.05 && this.dropped.length > 0) {
      const original = this.dropped[Math.floor(this.#random() * this.dropped.length)];
      if (original.how !== 'renamed later') return this.#duplicate(original.file, name);
    }
    const bytes = await this.image(this.#random() < 0.05);
    if (chance < 0.2) this.#late.push(this.#slowly(name, bytes));
    else if (chance < 0.25) this.#late.push(this.#renamed(name, bytes));
    else if (chance < 0.5) {
      await writeFile(join(this.#folder, name), bytes);
      this.#note(name, 'written');
    } else {
      await writeFile(join(this.#folder, `${name}.tmp`), bytes);
      await rename(join(this.#folder, `${name}.tmp`), join(this.#folder, name));
      this.#note(name, 'renamed in');
    }
  }

  /** Waits until all files are whole and have their last names. */
  async end(): Promise<void> {
    await Promise.all(this.#late);
  }

  /** A woven texture with noise of its own, as PNG. */
  async image(hasFlaw: boolean): Promise<Buffer> {
    const side = this.#side;
    const pixels = Buffer.alloc(side * side);
    const [phase, noise] = [this.#random() * 8, this.#noise()];
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const weave = Math.sin((x + phase) * 0.8) + Math.sin((y + phase) * 0.8);
        pixels[y * side + x] = 128 + 30 * weave + noise[(y * 31 + x * 17) & 4095];
      }
    if (hasFlaw) this.#flaw(pixels);
    return sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
      .png({ compressionLevel: 1 })
      .toBuffer();
  }

  #noise(): Int8Array {
    return Int8Array.from({ length: 4096 }, () => (this.#random() - 0.5) * 30);
  }

  #flaw(pixels: Buffer): void {
    const side = this.#side;
    const size = Math.floor(side / 12);
    const left = Math.floor(this.#random() * (side - 4 * size)) + size;
    const top = Math.floor(this.#random() * (side - 4 * size)) + size;
    for (let y = top; y < top + size; y++) pixels.fill(40, y * side + left, y * side + left + 2 * size);
  }

  async #duplicate(file: string, name: string): Promise<void> {
    await copyFile(join(this.#folder, file), join(this.#folder, name));
    this.#note(name, 'duplicate');
  }

  async #slowly(name: string, bytes: Buffer): Promise<void> {
    await using file = await open(join(this.#folder, name), 'w');
    const half = bytes.length >> 1;
    await file.write(bytes, 0, half);
    await pause(300 + 1200 * this.#random());
    await file.write(bytes, half);
    this.#note(name, 'half-written');
  }

  async #renamed(name: string, bytes: Buffer): Promise<void> {
    await writeFile(join(this.#folder, name), bytes);
    const wholeAt = Date.now();
    await pause(2000 * this.#random());
    const file = name.replace('piece', 'moved');
    await rename(join(this.#folder, name), join(this.#folder, file));
    this.dropped.push({ file, how: 'renamed later', wholeAt });
  }

  #note(file: string, how: Arrival): void {
    this.dropped.push({ file, how, wholeAt: Date.now() });
  }
}
