import { execFileSync } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { node } from './environment.ts';

/** Message of a second instance to the first. */
export interface Start {
  argv: string[];
  cwd: string;
  additionalData: unknown;
}

/**
 * A user data folder's lock, as in Chromium on Linux: a link `SingletonLock` that names host and process, and
 * a link `SingletonSocket` to the socket on which the holder receives other starts.
 */
export class SingleInstance {
  readonly #folder: string;
  #held = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get held(): boolean {
    return this.#held;
  }

  /** @returns whether this process is the first; otherwise the first one has received `start` */
  take(start: Start, heard: (start: Start) => void): boolean {
    if (this.#held) return true;
    const lock = join(this.#folder, 'SingletonLock');
    for (let tries = 0; tries < 3; tries++) {
      try {
        symlinkSync(`${hostname()}-${process.pid}`, lock);
        this.#held = true;
        this.#listen(heard);
        return true;
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
      }
      if (isAlive(lock) && this.#send(start)) return false;
      // The holder was killed.
      rmSync(lock, { force: true });
    }
    throw new Error(`Could not acquire ${lock}.`);
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    for (const name of ['SingletonLock', 'SingletonSocket'])
      rmSync(join(this.#folder, name), { force: true });
  }

  #listen(heard: (start: Start) => void): void {
    // The path of a socket is limited to 107 bytes, so it is in another folder.
    const place = mkdtempSync(join(tmpdir(), 'stand-in-'));
    const socket = join(place, 'socket');
    createServer((connection) => {
      const parts: Buffer[] = [];
      connection.on('data', (part) => {
        parts.push(part);
        if (part.at(-1) !== 0x0a) return;
        connection.end('ok');
        heard(JSON.parse(Buffer.concat(parts).toString('utf8')) as Start);
      });
      connection.on('error', () => {});
    })
      .listen(socket)
      .unref();
    process.once('exit', () => {
      rmSync(place, { recursive: true, force: true });
      this.release();
    });
    const link = join(this.#folder, 'SingletonSocket');
    rmSync(link, { force: true });
    symlinkSync(socket, link);
  }

  /** Blocks until the first process has received the message. */
  #send(start: Start): boolean {
    try {
      const socket = readlinkSync(join(this.#folder, 'SingletonSocket'));
      const script = `const socket = require('node:net').connect(${JSON.stringify(socket)});
        socket.setTimeout(20000, () => process.exit(1)).on('error', () => process.exit(1));
        socket.on('data', () => process.exit(0)).write(process.argv[1] + '\\n');`;
      execFileSync(node, ['-e', script, JSON.stringify(start)], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }
}

function isAlive(lock: string): boolean {
  try {
    const pid = Number(readlinkSync(lock).split('-').at(-1));
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
