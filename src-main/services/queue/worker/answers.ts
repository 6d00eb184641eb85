import type { Hosts } from './hosts.ts';
import { statusOf } from './host-client.ts';

/** Limits of the answers that are kept for another host: time, number and total size. */
const KEEP_MS = 10 * 60_000;
const MAX_KEPT = 16;
const MAX_BYTES = 256 * 2 ** 20;

interface Answer {
  made: Promise<Uint8Array>;
  /** Since its host ended. */
  kept?: { bytes: Uint8Array; sinceMs: number };
}

/**
 * The answers of this worker by their key, from the start of their computation until a host has them. If their host ends first, a
 * host that resumes the run gets them.
 */
export class Answers {
  readonly #answers = new Map<string, Answer>();

  /** The answer with a key, which is made only if there is none. @throws as `make` does */
  async get(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    for (let known = this.#answers.get(key); known; known = this.#answers.get(key)) {
      const bytes = await known.made.catch(() => undefined);
      if (bytes) return bytes;
    }
    const answer = { made: make() };
    this.#answers.set(key, answer);
    try {
      return await answer.made;
    } catch (thrown) {
      if (this.#answers.get(key) === answer) this.#answers.delete(key);
      throw thrown;
    }
  }

  /** Ends an answer that a host has, or that nobody wants. */
  end(key: string): void {
    this.#answers.delete(key);
  }

  /** Keeps an answer whose host ended. */
  keep(key: string, bytes: Uint8Array): void {
    const answer = this.#answers.get(key);
    if (answer) answer.kept = { bytes, sinceMs: performance.now() };
    this.#trim();
  }

  /** Sends what is kept to the hosts that want it. A host that does not answer is asked again by the next call. */
  async offer(hosts: Pick<Hosts, 'present'>, signal: AbortSignal): Promise<void> {
    this.#trim();
    if (this.#listKept().length === 0) return;
    for (const client of await hosts.present()) {
      for (const { key, bytes } of this.#listKept()) {
        try {
          if (statusOf(await client.request('GET', `/tasks/${key}`, { signal })) !== 204) continue;
          const status = statusOf(await client.request('PUT', `/results/${key}`, { body: bytes, signal }));
          if (status === 204) this.end(key);
        } catch {
          break;
        }
      }
    }
  }

  /** In the order in which they were made. */
  #listKept(): { key: string; bytes: Uint8Array; sinceMs: number }[] {
    return [...this.#answers].flatMap(([key, { kept }]) => (kept ? [{ key, ...kept }] : []));
  }

  #trim(): void {
    const kept = this.#listKept();
    let bytes = kept.reduce((sum, answer) => sum + answer.bytes.length, 0);
    for (const [at, answer] of kept.entries()) {
      const isSmall = kept.length - at <= MAX_KEPT && bytes <= MAX_BYTES;
      if (isSmall && performance.now() - answer.sinceMs < KEEP_MS) continue;
      this.end(answer.key);
      bytes -= answer.bytes.length;
    }
  }
}
