import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Host } from './host.ts';
import { trafficOf } from './traffic.ts';

/** Browser messages about a host that has stopped or was restarted, or about an expected conflict. */
const EXPECTED = /net::ERR_CONNECTION|WebSocket connection to .* failed|status of (403|409)/;

/** A browser context that is logged in. The host's address works once and sets a cookie. */
export async function createContext(browser: Browser, host: Host): Promise<BrowserContext> {
  if (host.desktop) return (await host.desktop.open('')).context();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  const first = await context.newPage();
  await first.goto(host.url);
  await first.close();
  return context;
}

/**
 * Opens a route such as `#/inspect?image=2` and adds the page's errors to `problems`. A page that still calls
 * its host when it closes is also a problem.
 */
export async function openWindow(
  context: BrowserContext,
  host: Host,
  hash: string,
  problems: string[],
): Promise<Page> {
  if (host.desktop) {
    const page = await host.desktop.open(hash);
    recordProblems(page, problems);
    return page;
  }
  const page = await context.newPage();
  recordProblems(page, problems);
  settleBeforeClose(page, problems);
  await page.goto(new URL(`/${hash}`, host.url).href);
  return page;
}

function settleBeforeClose(page: Page, problems: string[]): void {
  const traffic = trafficOf(page);
  const close = page.close.bind(page);
  page.close = async (options) => {
    const restless = page.isClosed() ? undefined : await traffic.settle();
    if (restless) problems.push(restless);
    await close(options);
  };
}

const recorded = new WeakSet<Page>();

/** Records exceptions, logged errors, and violations of the content security policy. */
function recordProblems(page: Page, problems: string[]): void {
  if (recorded.has(page)) return;
  recorded.add(page);
  page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
  page.on('console', (message) => {
    const text = message.text();
    const wrong = message.type() === 'error' || /content security policy/i.test(text);
    if (wrong && !EXPECTED.test(text)) problems.push(text);
  });
}
