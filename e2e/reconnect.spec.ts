import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { onDesktop } from './harness/desktop.ts';
import { difference, storedGroundTruth } from './fixtures/masks.ts';
import { startHost } from './harness/host.ts';
import { useApp } from './harness/use-app.ts';
import { AnnotatePage } from './pages/annotate.ts';
import { InspectPage } from './pages/inspect.ts';
import { ReviewPage } from './pages/review.ts';

const TIMEOUT = { timeout: 30_000, interval: 100 };
const SIZE = { width: 128, height: 128 };
const IMAGES = [
  { defectType: 'good', name: '1', blemishes: [] },
  { defectType: 'hole', name: '2', blemishes: [{ x: 40, y: 88, radius: 9 }] },
  { defectType: 'hole', name: '3', blemishes: [{ x: 96, y: 30, radius: 8 }] },
];

describe.skipIf(onDesktop)('a window that has lost its host', () => {
  const app = useApp({ images: IMAGES, side: SIZE.width, keepPages: true });
  let page: Page;

  beforeAll(async () => {
    page = await app.open('#/inspect?image=1');
  });

  const connectionAlert = () =>
    page.getByRole('alert').filter({ hasText: /Connection lost|Perch was restarted/ });

  /** Restarts the host at the same address and logs in again. */
  async function revive() {
    await app.host.revive();
    await expect
      .poll(() => connectionAlert().innerText(), TIMEOUT)
      .toContain('Open the address that it printed');
    const other = await page.context().newPage();
    await other.goto(app.host.url);
    await other.close();
    await connectionAlert().waitFor({ state: 'hidden' });
  }

  it('shows an alert, stays usable and sends all changes after reconnecting', async () => {
    const inspect = new InspectPage(page);
    const review = new ReviewPage(page);
    await inspect.inspected(3);
    await review.start('A. Weber');
    await page.keyboard.press('a');
    await expect.poll(() => inspect.title.innerText(), TIMEOUT).toContain('Image 2');
    await app.host.kill();
    await connectionAlert().waitFor();
    expect(await page.getByRole('status').filter({ hasText: 'Not connected' }).count()).toBe(1);

    await page.keyboard.press('k');
    await page.keyboard.type('hole');
    await page.keyboard.press('Enter');
    await page.keyboard.press('r');
    await expect.poll(() => inspect.title.innerText(), TIMEOUT).toContain('Image 3');
    await page.keyboard.press('n');
    await page.keyboard.type('half a sentence');
    await page.keyboard.press('F1');
    await revive();
    await expect.poll(() => review.progress.innerText(), TIMEOUT).toContain('2/3');
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
    page = await app.open(hash);
  }

  it('loads an image that failed after reconnecting', async () => {
    await open('#/inspect?image=2');
    const inspect = new InspectPage(page);
    await page.route('**/assets/images/3', (route) => route.abort('connectionrefused'));
    await page.reload();
    await inspect.selected.waitFor();
    await page.keyboard.press('F3');
    await app.host.kill();
    await connectionAlert().waitFor();
    await page.keyboard.press('ArrowRight');
    await inspect.pane('Input').getByText('The connection to Perch was lost').waitFor();
    await page.unroute('**/assets/images/3');
    await revive();
    await inspect.canvas('Input').waitFor();
    await inspect.pane('Input').getByText('The connection to Perch was lost').waitFor({ state: 'hidden' });
    expect(await page.getByRole('status', { name: 'Notices' }).innerText()).toBe('');
  });

  it('saves strokes drawn while disconnected', async () => {
    await open('#/annotate?image=2');
    const annotate = new AnnotatePage(page);
    await annotate.ready(SIZE);
    const before = await storedGroundTruth(app.host.home, 2);
    await app.host.kill();
    await connectionAlert().waitFor();
    await annotate.drag([
      { x: 20, y: 20 },
      { x: 60, y: 20 },
    ]);
    await annotate.status.filter({ hasText: 'Not saved' }).waitFor();
    await revive();
    await annotate.saved();
    const after = await storedGroundTruth(app.host.home, 2);
    expect(after?.revision).toBe((before?.revision ?? 0) + 1);
    expect(difference(after?.pixels, before?.pixels ?? new Uint8Array(), SIZE)).not.toBe('');
    expect(await page.getByRole('status', { name: 'Notices' }).innerText()).toBe('');
  });

  it('sends nothing to a host with another library, and saves when the original host is back', async () => {
    await open('#/annotate?image=3');
    const annotate = new AnnotatePage(page);
    await annotate.ready(SIZE);
    await app.host.kill();
    const other = await startHost({ port: new URL(app.host.url).port });
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
    // The browser logs the refused request.
    app.problems.length = 0;
  });
});

async function readAll(stream: AsyncIterable<Buffer>): Promise<unknown> {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}
