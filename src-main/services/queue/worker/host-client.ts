import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { once } from 'node:events';
import { PerchError } from '../../../common/api/errors.ts';
import { fingerprintOf } from '../certificate.ts';
import type { Host } from '../registry.ts';

/** A connection that transfers nothing for this long has failed. */
const IDLE_MS = 30_000;

/** A worker's connections to the endpoint of a host. With TLS, it trusts the announced certificate and no other. */
export class HostClient {
  readonly #host: Host;
  readonly #agent: http.Agent;

  constructor(host: Host) {
    this.#host = host;
    const { certificate } = host;
    this.#agent = certificate
      ? new https.Agent({
          keepAlive: true,
          ca: certificate,
          // The certificate names no address.
          checkServerIdentity: (_, { fingerprint256 }) =>
            fingerprint256 === fingerprintOf(certificate)
              ? undefined
              : new Error('The host has another certificate than it announced.'),
        })
      : new http.Agent({ keepAlive: true });
  }

  /** @returns the status, and the response to read. @throws if the host cannot be reached */
  async request(
    method: 'GET' | 'PUT',
    path: string,
    { body, signal }: { body?: Uint8Array; signal?: AbortSignal } = {},
  ): Promise<IncomingMessage> {
    const { request } = this.#host.certificate ? https : http;
    const outgoing = request(new URL(path, this.#host.url), {
      method,
      agent: this.#agent,
      timeout: IDLE_MS,
      headers: {
        authorization: `Bearer ${this.#host.token}`,
        ...(body && { 'content-length': body.length }),
      },
      ...(signal && { signal }),
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('The host does not answer.')));
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    // A failure after the response reaches its reader as an error of the response.
    outgoing.on('error', () => {});
    return response;
  }

  /** The typed error of a failed request. */
  unreachable(cause: unknown): PerchError {
    const { name, url } = this.#host;
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\.+$/, '');
    return new PerchError(
      'QUEUE_UNUSABLE',
      `The host ${name} cannot be reached at ${url}: ${reason}. Check its firewall, or start its run with another --address.`,
      cause,
    );
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Reads a response that has no content. @returns its status */
export function statusOf(response: IncomingMessage): number {
  response.resume();
  return response.statusCode ?? 0;
}
