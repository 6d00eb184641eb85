import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The session of a web host: a one-time token, and the cookie that it is exchanged for.
 *
 * Both are 256 random bits and are compared in constant time. Browsers share cookies between the ports of a
 * host, so the cookie's name contains the port. A browser also sends it to other servers on 127.0.0.1; if
 * such a server belongs to another user, `isOwnUser` keeps it from using the cookie, on Linux. Programs of
 * the same user need no cookie to read the user's files.
 */
export class Session {
  readonly #cookieName: string;
  readonly #key = randomBytes(32).toString('base64url');
  readonly #opened = Promise.withResolvers<undefined>();
  #token: string | undefined = randomBytes(32).toString('base64url');

  constructor(port: number) {
    this.#cookieName = `perch-${port}`;
  }

  /** The printed address's token; undefined once it was used. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Resolves when the token is exchanged. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /**
   * Exchanges the token for the value of a `Set-Cookie` header, once. The cookie is `SameSite=Lax`, because a strict one is not
   * sent after the redirect from a local file. Requests that change something also need the server's
   * `Origin`.
   */
  exchange(offered: string): string | undefined {
    if (this.#token === undefined || !equal(offered, this.#token)) return undefined;
    this.#token = undefined;
    this.#opened.resolve(undefined);
    return `${this.#cookieName}=${this.#key}; HttpOnly; SameSite=Lax; Path=/`;
  }

  /** Whether a `Cookie` header contains this session's cookie. */
  isValid(cookies: string | undefined): boolean {
    const prefix = `${this.#cookieName}=`;
    const offered = (cookies ?? '').split(';').map((cookie) => cookie.trim());
    return offered.some(
      (cookie) => cookie.startsWith(prefix) && equal(cookie.slice(prefix.length), this.#key),
    );
  }
}

/** Compares digests, so that the time reveals neither content nor length. */
function equal(offered: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(offered), digest(secret));
}
