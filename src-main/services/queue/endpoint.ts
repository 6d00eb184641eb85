import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { openRegular } from '../../files/read.ts';
import type { KeyPair } from './certificate.ts';
import type { OfferedFiles } from './offered-files.ts';

/** A connection that sends and receives nothing for this long is closed. */
const IDLE_MS = 30_000;
const HEADERS_MS = 10_000;
/** The longest time for one request, such as a large map over a slow network. */
const REQUEST_MS = 15 * 60_000;
const MAX_CONNECTIONS = 1024;

/** What the endpoint does with results. */
export interface ResultReceiver {
  /** The largest size of a current task's answer in bytes; undefined if the task is not current. @param task its id or answer key */
  limitOf(task: string): number | undefined;
  /** @returns an HTTP status: 204 once the result is stored, 410 if the task is no longer current, 400 or 503 */
  receive(task: string, bytes: Buffer): Promise<204 | 400 | 410 | 503>;
  /** A file that a task names cannot be read. */
  lost(sha256: string, cause: unknown): void;
}

/**
 * The HTTP server from which workers get the content of current tasks and to which they send results. It serves files by content
 * hash only, and only to requests with its token.
 */
export class Endpoint {
  readonly token = randomBytes(32).toString('base64url');
  readonly #server: http.Server;
  readonly #files: OfferedFiles;
  readonly #results: ResultReceiver;

  /**
   * @param keys for TLS; without them, it must listen on the loopback interface only
   * @param headersMs time for the headers of a request
   */
  constructor(files: OfferedFiles, results: ResultReceiver, keys?: KeyPair, headersMs = HEADERS_MS) {
    this.#files = files;
    this.#results = results;
    const options = {
      keepAliveTimeout: IDLE_MS,
      headersTimeout: headersMs,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: 1000,
    };
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      this.#answer(request, response).catch(() => request.destroy());
    };
    this.#server = keys
      ? https.createServer({ ...options, key: keys.key, cert: keys.certificate }, answer)
      : http.createServer(options, answer);
    this.#server.timeout = IDLE_MS;
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** @param host undefined for all interfaces @returns the port. @throws if the address cannot be used */
  async listen(host: string | undefined, port: number): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isAuthorized(request)) return end(response, 401);
    const { method, url = '' } = request;
    const [, kind, name] = /^\/(blobs|tasks|results)\/([0-9a-f-]{36,64})$/.exec(url) ?? [];
    if (kind === 'blobs' && method === 'GET') return this.#sendFile(name, response);
    if (kind === 'tasks' && method === 'GET')
      return end(response, this.#results.limitOf(name) === undefined ? 410 : 204);
    if (kind === 'results' && method === 'PUT') return this.#takeResult(name, request, response);
    return end(response, 404);
  }

  #isAuthorized({ headers }: IncomingMessage): boolean {
    const digest = (text: string) => createHash('sha256').update(text).digest();
    return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${this.token}`));
  }

  async #sendFile(sha256: string, response: ServerResponse): Promise<void> {
    const offered = this.#files.get(sha256);
    if (!offered) return end(response, 404);
    try {
      await using file = await openRegular(offered.path);
      const { size } = await file.stat();
      if (size !== offered.bytes) throw new Error(`${offered.path} has changed.`);
      response.writeHead(200, { 'content-length': size, 'content-type': 'application/octet-stream' });
      await pipeline(file.createReadStream({ autoClose: false }), response);
    } catch (cause) {
      if (response.headersSent) throw cause;
      this.#results.lost(sha256, cause);
      end(response, 404);
    }
  }

  async #takeResult(task: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const limit = this.#results.limitOf(task);
    if (limit === undefined) return end(response, 410);
    const length = Number(request.headers['content-length'] ?? NaN);
    if (!Number.isSafeInteger(length)) return end(response, 411);
    if (length > limit) return end(response, 413);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    end(response, await this.#results.receive(task, Buffer.concat(chunks)));
  }
}

/** A refusal does not read the rest of the request. */
function end(response: ServerResponse, status: number): void {
  const isRefusal = status >= 400;
  response.writeHead(status, { 'content-length': 0, ...(isRefusal && { connection: 'close' }) }).end();
}
