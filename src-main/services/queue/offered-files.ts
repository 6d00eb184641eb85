/** A file that a current task names. */
export interface OfferedFile {
  path: string;
  bytes: number;
}

/** The files that current tasks name, by the SHA-256 of their content. Nothing else is served. */
export class OfferedFiles {
  readonly #files = new Map<string, OfferedFile & { uses: number }>();

  add(sha256: string, file: OfferedFile): void {
    const known = this.#files.get(sha256);
    this.#files.set(sha256, { ...file, uses: (known?.uses ?? 0) + 1 });
  }

  /** Ends one task's use of a file. */
  remove(sha256: string): void {
    const known = this.#files.get(sha256);
    if (known && --known.uses === 0) this.#files.delete(sha256);
  }

  get(sha256: string): OfferedFile | undefined {
    return this.#files.get(sha256);
  }

  get size(): number {
    return this.#files.size;
  }
}
