import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { ExternalWeights } from './extract-subgraph.ts';

/** Largest size of a serialized model, with all weights. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Reads the external weights of a model. Accesses only regular files in the model's folder and below it, and reads in total no more than
 * their size.
 */
export class WeightFiles {
  readonly #folder: string;
  readonly #onFile: (bytes: number) => void;
  readonly #sizes = new Map<string, number>();
  #read = 0;

  /**
   * @param model path of the model
   * @param onFile called with the size of each file before it is read
   */
  constructor(model: string, onFile: (bytes: number) => void = () => {}) {
    this.#folder = dirname(model);
    this.#onFile = onFile;
  }

  /** @throws RangeError with the reason if the weights cannot be read */
  read({ tensor, location, offset, length }: ExternalWeights): Uint8Array {
    const path = this.#pathOf(location, tensor);
    const size = this.#sizes.get(path) ?? this.#open(path);
    const bytes = length ?? Math.max(0, size - offset);
    if (offset + bytes > size) {
      throw new RangeError(
        `${basename(path)} has ${size} bytes, but the weights ${tensor} would end at byte ${offset + bytes}: it is truncated ` +
          'or belongs to another model',
      );
    }
    this.#read += bytes;
    const held = [...this.#sizes.values()].reduce((sum, each) => sum + each, 0);
    if (this.#read > held) throw new RangeError('its weights overlap in their file');
    return readAt(path, offset, bytes);
  }

  #pathOf(location: string, tensor: string): string {
    const parts = location.split(/[\\/]/);
    const leaves = isAbsolute(location) || /^[A-Za-z]:/.test(location) || parts.includes('..');
    if (location === '' || location.includes('\0') || leaves) {
      throw new RangeError(
        `the weights ${tensor} lie outside the model's folder (${JSON.stringify(location.slice(0, 200))})`,
      );
    }
    return join(this.#folder, ...parts);
  }

  #open(path: string): number {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) {
      throw new RangeError(
        `its weights are in ${path}, which does not exist. Copy that file to the same folder`,
      );
    }
    if (!stat.isFile())
      throw new RangeError(`${path}, which should contain its weights, is not a regular file`);
    this.#sizes.set(path, stat.size);
    const all = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    if (all > MAX_BYTES) throw new RangeError(`its weights have ${all} bytes, and the limit is 2 GiB`);
    this.#onFile(stat.size);
    return stat.size;
  }
}

function readAt(path: string, offset: number, length: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    if (!fstatSync(file).isFile()) throw new RangeError(`${path} is not a regular file`);
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length;) {
      const read = readSync(file, bytes, done, length - done, offset + done);
      if (read === 0) throw new RangeError(`${path} was truncated while it was read`);
      done += read;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}
