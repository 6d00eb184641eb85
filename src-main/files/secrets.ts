import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { PerchError } from '../common/api/errors.ts';
import { makeFolderSync } from './make-folder.ts';
import { writeError } from './write.ts';

const FILE = 'secrets.json';
const OWNER_ONLY = 0o600;
/** Writing takes milliseconds, so an older lock is of a process that ended. */
const LOCK_STALE_MS = 5000;
const LOCK_PAUSE_MS = 10;

const schema = z.record(z.string(), z.string());

/**
 * Passwords and keys by name, in a file of the data directory that only its owner can read. They are not in the database, so that
 * backups and exports do not contain them.
 */
export class Secrets {
  readonly path: string;

  constructor(home: string) {
    this.path = join(home, FILE);
  }

  /** @throws PerchError `NOT_READABLE` */
  get(name: string): string | undefined {
    return this.#read().get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Names of all secrets. */
  names(): string[] {
    return [...this.#read().keys()];
  }

  /** Stores a secret, or removes it (null). @throws PerchError `NOT_READABLE`, `NOT_WRITABLE`, `DISK_FULL` */
  set(name: string, value: string | null): void {
    try {
      makeFolderSync(dirname(this.path));
      this.#locked(() => {
        const secrets = this.#read();
        if (value === null ? !secrets.delete(name) : secrets.get(name) === value) return;
        if (value !== null) secrets.set(name, value);
        this.#write(secrets);
      });
    } catch (cause) {
      throw writeError(this.path, cause);
    }
  }

  #read(): Map<string, string> {
    let text: string;
    try {
      // A copied or restored file may have lost its permissions. Windows protects the folder instead.
      if (process.platform !== 'win32' && (statSync(this.path).mode & 0o077) !== 0)
        chmodSync(this.path, OWNER_ONLY);
      text = readFileSync(this.path, 'utf8');
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') return new Map();
      throw new PerchError(
        'NOT_READABLE',
        `Could not read ${this.path} (${code}). Check its permissions.`,
        cause,
      );
    }
    // The error of JSON.parse quotes the text, so it is not the cause.
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return new Map(Object.entries(parsed.data));
    throw new PerchError(
      'NOT_READABLE',
      `${this.path} is damaged. Move it to another folder and enter the passwords and keys again.`,
    );
  }

  #write(secrets: ReadonlyMap<string, string>): void {
    const temporary = `${this.path}.${randomUUID().slice(0, 8)}.tmp`;
    try {
      const file = openSync(temporary, 'wx', OWNER_ONLY);
      try {
        writeSync(file, `${JSON.stringify(Object.fromEntries(secrets), null, 2)}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, this.path);
    } catch (thrown) {
      rmSync(temporary, { force: true });
      throw thrown;
    }
  }

  /** Several processes may change the file. */
  #locked(work: () => void): void {
    const lock = `${this.path}.lock`;
    for (;;) {
      try {
        closeSync(openSync(lock, 'wx', OWNER_ONLY));
        break;
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
        const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
        if (Date.now() - since > LOCK_STALE_MS) rmSync(lock, { force: true });
        else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_PAUSE_MS);
      }
    }
    try {
      work();
    } finally {
      rmSync(lock, { force: true });
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
