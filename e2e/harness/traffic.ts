import type { Page } from 'playwright-core';

/** How long nothing may be asked of the host for a window to count as idle, and how long a window may take to get there. */
const QUIET_MS = 500;
const PATIENCE_MS = 15_000;

/** Counts what a page asks of its host: calls over its web socket, and assets. */
class Traffic {
  #calls: string[] = [];

  constructor(page: Page) {
    page.on('request', (request) => this.#calls.push(new URL(request.url()).pathname));
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => this.#calls.push(calledIn(payload))),
    );
  }

  /** Waits until the page asks for nothing. @returns what it keeps asking for where it never does */
  async settle(): Promise<string | undefined> {
    for (const end = performance.now() + PATIENCE_MS; ;) {
      this.#calls = [];
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      if (this.#calls.length === 0) return undefined;
      if (performance.now() > end) {
        const paths = [...new Set(this.#calls)].slice(0, 5).join(', ');
        return `The window is not idle: ${this.#calls.length} calls in ${QUIET_MS} ms (${paths}).`;
      }
    }
  }
}

const counted = new WeakMap<Page, Traffic>();

/** The traffic of a page; counted from when it was first asked for. */
export function trafficOf(page: Page): Traffic {
  const traffic = counted.get(page) ?? new Traffic(page);
  counted.set(page, traffic);
  return traffic;
}

/** The path of a call in a frame. */
function calledIn(payload: string | Buffer): string {
  return /"(?:u|url)":"([^"]+)"/.exec(payload.toString())?.[1] ?? 'a frame';
}
