import type { Page } from 'playwright-core';

/** A page is idle if it sends no request for this long. */
const QUIET_MS = 500;
/** How long a page may take to become idle. */
const TIMEOUT_MS = 15_000;

/** Counts a page's requests: calls over its web socket, and assets. */
class Traffic {
  #calls: string[] = [];

  constructor(page: Page) {
    page.on('request', (request) => this.#calls.push(new URL(request.url()).pathname));
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => this.#calls.push(procedureOf(payload))),
    );
  }

  /** Waits until the page is idle. @returns a description of its requests if it does not become idle */
  async settle(): Promise<string | undefined> {
    for (const end = performance.now() + TIMEOUT_MS; ;) {
      this.#calls = [];
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      if (this.#calls.length === 0) return undefined;
      if (performance.now() > end) {
        const paths = [...new Set(this.#calls)].slice(0, 5).join(', ');
        return `The page is not idle: ${this.#calls.length} requests in ${QUIET_MS} ms (${paths}).`;
      }
    }
  }
}

const counted = new WeakMap<Page, Traffic>();

/** A page's traffic, counted from the first call of this function. */
export function trafficOf(page: Page): Traffic {
  const traffic = counted.get(page) ?? new Traffic(page);
  counted.set(page, traffic);
  return traffic;
}

/** The procedure that a frame calls. */
function procedureOf(payload: string | Buffer): string {
  return /"(?:u|url)":"([^"]+)"/.exec(payload.toString())?.[1] ?? 'a frame';
}
