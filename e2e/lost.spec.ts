import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from './browser.ts';
import { startWithCloth, type Cloth } from './cloth.ts';
import { onDesktop } from './desktop.ts';
import { difference, keptTruth } from './masks.ts';
import { startHost } from './host.ts';
import { AnnotatePage } from './pages/annotate.ts';
import { InspectPage } from './pages/inspect.ts';
import { ReviewPage } from './pages/review.ts';

const browser = await startBrowser();
const SHOTS = join(import.meta.dirname, '..', 'test-results');
const PATIENCE = { timeout: 30_000, interval: 100 };
const SIZE = { width: 128, height: 128 };

describe.skipIf(onDesktop)('a window whose host is gone', () => {
  let cloth: Cloth;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    const pieces = [
      { kind: 'good', name: '1', blemishes: [] },
      { kind: 'hole', name: '2', blemishes: [{ x: 40, y: 88, radius: 9 }] },
      { kind: 'hole', name: '3', blemishes: [{ x: 96, y: 30, radius: 8 }] },
    ];
    cloth = await startWithCloth(browser, pieces, SIZE.width);
    problems = [];
    page = await cloth.open('#/inspect?image=1', problems);
  });

  afterEach(async ({ task }) => {
    await page.screenshot({ path: join(SHOTS, `${task.name.replaceAll(/\W+/g, '-')}.png`) });
    expect(problems).toEqual([]);
  });

  afterAll(async () => {
    await browser.close();
    await cloth?.stop();
  });

  const told = () => page.getByRole('alert').filter({ hasText: /Connection lost|Perch was restarted/ });

  /** The host is started anew at the same address, which lets this browser in where its own address is opened. */
  async function revive() {
    await cloth.host.revive();
    await expect.poll(() => told().innerText(), PATIENCE).toContain('open the address that it printed');
    const other = await page.context().newPage();
    await other.goto(cloth.host.url);
    await other.close();
    await told().waitFor({ state: 'hidden' });
  }

  it('says so, is worked with, and has everything that was said when the host is back', async () => {
    const inspect = new InspectPage(page);
    const review = new ReviewPage(page);
    await inspect.inspected(3);
    await review.start('A. Weber');
    await page.keyboard.press('a');
    await expect.poll(() => inspect.title.innerText(), PATIENCE).toContain('2.png');
    await cloth.host.kill();
    await told().waitFor();
    expect(await page.getByRole('status').filter({ hasText: 'Not connected' }).count()).toBe(1);

    await page.keyboard.press('k');
    await page.keyboard.type('hole');
    await page.keyboard.press('Enter');
    await page.keyboard.press('r');
    await expect.poll(() => inspect.title.innerText(), PATIENCE).toContain('3.png');
    await page.keyboard.press('n');
    await page.keyboard.type('half a sentence');
    await page.keyboard.press('F1');
    await revive();
    await expect.poll(() => review.progress.innerText(), PATIENCE).toContain('2/3');
    expect(await review.note.inputValue()).toBe('half a sentence');
    await page.keyboard.type(' and the rest');
    await page.keyboard.press('Enter');
    await page.keyboard.press('u');
    await review.summary.waitFor();

    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export JSON' }).click();
    const exported = JSON.stringify(await (await saved).createReadStream().then(readAll));
    expect(exported).toContain('half a sentence and the rest');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('status', { name: 'Notices' }).innerText()).toBe('');
  });

  async function open(hash: string) {
    await page.close();
    page = await cloth.open(hash, problems);
  }

  it('shows the image that could not be loaded, when the host is back', async () => {
    await open('#/inspect?image=2');
    const inspect = new InspectPage(page);
    await page.route('**/assets/images/3', (route) => route.abort('connectionrefused'));
    await page.reload();
    await inspect.selected.waitFor();
    await page.keyboard.press('F3');
    await cloth.host.kill();
    await told().waitFor();
    await page.keyboard.press('ArrowRight');
    await inspect.pane('Input').getByText('The connection to Perch was lost').waitFor();
    await page.unroute('**/assets/images/3');
    await revive();
    await inspect.canvas('Input').waitFor();
    await inspect.pane('Input').getByText('The connection to Perch was lost').waitFor({ state: 'hidden' });
    expect(await page.getByRole('status', { name: 'Notices' }).innerText()).toBe('');
  });

  it('saves what was drawn meanwhile', async () => {
    await open('#/annotate?image=2');
    const annotate = new AnnotatePage(page);
    await annotate.ready(SIZE);
    const before = await keptTruth(cloth.host.home, 2);
    await cloth.host.kill();
    await told().waitFor();
    await annotate.drag([
      { x: 20, y: 20 },
      { x: 60, y: 20 },
    ]);
    await annotate.status.filter({ hasText: 'Not saved' }).waitFor();
    await revive();
    await annotate.saved();
    const after = await keptTruth(cloth.host.home, 2);
    expect(after?.revision).toBe((before?.revision ?? 0) + 1);
    expect(difference(after?.pixels, before?.pixels ?? new Uint8Array(), SIZE)).not.toBe('');
    expect(await page.getByRole('status', { name: 'Notices' }).innerText()).toBe('');
  });

  it('sends nothing to a host that has another library, and saves when its own is back', async () => {
    await open('#/annotate?image=3');
    const annotate = new AnnotatePage(page);
    await annotate.ready(SIZE);
    await cloth.host.kill();
    const other = await startHost({ port: new URL(cloth.host.url).port });
    const visitor = await page.context().newPage();
    await visitor.goto(other.url);
    await visitor.close();
    await page.getByRole('alert').filter({ hasText: 'another library' }).waitFor();
    await annotate.drag([
      { x: 20, y: 50 },
      { x: 60, y: 50 },
    ]);
    await annotate.status.filter({ hasText: 'another library' }).waitFor();
    await other.stop();
    await revive();
    await annotate.saved();
    // The browser reports the refusal.
    problems.length = 0;
  });
});

async function readAll(stream: AsyncIterable<Buffer>): Promise<unknown> {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}
