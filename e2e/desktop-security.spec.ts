import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onDesktop } from './harness/desktop.ts';
import { startHost, type Host } from './harness/host.ts';

/** Rules of Electron's security checklist that can be observed in a page. Unit tests cover the others. */
describe.runIf(onDesktop)('the page of the desktop application', () => {
  let host: Host;
  let page: Page;

  beforeAll(async () => {
    host = await startHost();
    page = await (host.desktop as NonNullable<Host['desktop']>).open('');
    await page.getByRole('main').first().waitFor();
  });
  afterAll(async () => await host?.stop());

  it('has no Node.js and only the exposed desktop functions (rules 2, 3, 20)', async () => {
    expect(await page.evaluate('[typeof require, typeof process, typeof module, typeof Buffer]')).toEqual(
      Array.from({ length: 4 }, () => 'undefined'),
    );
    expect(await page.evaluate('Object.keys(window.perch).sort()')).toEqual([
      'answerSettle',
      'onCommand',
      'onSettle',
      'pathsOf',
      'requestPort',
    ]);
  });

  it('opens no windows and does not navigate away (rules 13, 14)', async () => {
    const { origin } = new URL(page.url());
    await page.evaluate(`void window.open('https://example.com/')`);
    const { app } = host.desktop as NonNullable<Host['desktop']>;
    await expect.poll(() => app.windows().length).toBe(1);
    await page.evaluate(`location.assign('https://example.com/')`);
    await page.waitForTimeout(500);
    expect(new URL(page.url()).origin).toBe(origin);
    expect(app.windows()).toHaveLength(1);
  });

  it('runs no inline script and loads only from its own origin (rules 1, 7)', async () => {
    expect(
      await page.evaluate(`(() => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        return window.ran === undefined;
      })()`),
    ).toBe(true);
    expect(await page.evaluate(`fetch('https://example.com/').then(() => 'loaded', () => 'refused')`)).toBe(
      'refused',
    );
  });

  it('has no permissions (rule 5)', async () => {
    expect(
      await page.evaluate(
        `navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'granted', () => 'refused')`,
      ),
    ).toBe('refused');
  });
});
