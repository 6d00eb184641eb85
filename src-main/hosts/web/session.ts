import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The one session of a browser host: a token that is good for one sendRequest and a cookie that the sendRequest earns.
 *
 * Both are 256 random bits and are compared in constant time. Browsers share cookies between the ports of one address,
 * so the cookie carries the port in its name and never leaves this machine. Another server of this address that the person
 * visits is sent it; where that belongs to another user, `isOwnUser` keeps it from being used, on Linux. What a program of the
 * person's own does with it, it could do without.
 */
export class Session {
  readonly #cookieName: string;
  readonly #key = randomBytes(32).toString('base64url');
  readonly #opened = Promise.withResolvers<undefined>();
  #token: string | undefined = randomBytes(32).toString('base64url');

  constructor(port: number) {
    this.#cookieName = `perch-${port}`;
  }

  /** The token for the address that is shown to the person; nothing once it was used. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Resolves once the token was exchanged. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /**
   * Exchanges the token for the value of a `Set-Cookie` header. A second time there is nothing to exchange. The cookie is `Lax`, as
   * it would not go on to the page from the file that leads a browser here; what changes something needs our `Origin`.
   */
  exchange(offered: string): string | undefined {
    if (this.#token === undefined || !equal(offered, this.#token)) return undefined;
    this.#token = undefined;
    this.#opened.resolve(undefined);
    return `${this.#cookieName}=${this.#key}; HttpOnly; SameSite=Lax; Path=/`;
  }

  /** Whether a `Cookie` header carries the key of this session. */
  admits(cookies: string | undefined): boolean {
    const prefix = `${this.#cookieName}=`;
    const offered = (cookies ?? '').split(';').map((cookie) => cookie.trim());
    return offered.some(
      (cookie) => cookie.startsWith(prefix) && equal(cookie.slice(prefix.length), this.#key),
    );
  }
}

/** Compares digests, so that neither content nor length shows in the time taken. */
function equal(offered: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(offered), digest(secret));
}
