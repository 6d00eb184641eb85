import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Host } from './host.ts';
import { trafficOf } from './traffic.ts';

/** What a browser itself says of a host that is away or was started anew, or that somebody else was first; no problem of the page. */
const EXPECTED = /net::ERR_CONNECTION|WebSocket connection to .* failed|status of (403|409)/;

/** A browser of its own that the host lets in: by the address that it prints, which works once; then by a cookie. */
export async function enter(browser: Browser, host: Host): Promise<BrowserContext> {
  if (host.desktop) return (await host.desktop.open('')).context();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  const first = await context.newPage();
  await first.goto(host.url);
  await first.close();
  return context;
}

/**
 * Opens a place of the window, `#/inspect?...`, and notes what goes wrong in it. A window that is closed while it still asks its host for
 * something, again and again, is a problem as well.
 */
export async function openWindow(
  context: BrowserContext,
  host: Host,
  hash: string,
  problems: string[],
): Promise<Page> {
  if (host.desktop) {
    const page = await host.desktop.open(hash);
    noteProblems(page, problems);
    return page;
  }
  const page = await context.newPage();
  noteProblems(page, problems);
  noteTraffic(page, problems);
  await page.goto(new URL(`/${hash}`, host.url).href);
  return page;
}

/** Has the page settle before it is closed. */
function noteTraffic(page: Page, problems: string[]): void {
  const traffic = trafficOf(page);
  const close = page.close.bind(page);
  page.close = async (options) => {
    const restless = page.isClosed() ? undefined : await traffic.settle();
    if (restless) problems.push(restless);
    await close(options);
  };
}

/** Notes what a page throws, the errors that it logs, and what the policy of its host refuses. */
function noteProblems(page: Page, problems: string[]): void {
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    const text = message.text();
    const wrong = message.type() === 'error' || /content security policy/i.test(text);
    if (wrong && !EXPECTED.test(text)) problems.push(text);
  });
}
