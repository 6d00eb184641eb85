import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from './browser.ts';
import { startHost, type Host } from './host.ts';
import { Frame } from './pages/frame.ts';
import { InspectPage } from './pages/inspect.ts';
import { isContour, isHot } from './picture.ts';
import { lay, weave } from './textures.ts';

const browser: Browser | undefined = await startBrowser();
const SHOTS = join(import.meta.dirname, '..', 'test-results');
const PATIENCE = { timeout: 60_000, interval: 100 };

describe.skipIf(!browser)('inspecting in a browser', () => {
  let host: Host;
  let context: BrowserContext;
  let page: Page;
  let frame: Frame;
  let inspect: InspectPage;
  let folder: string;
  let problems: string[];

  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'perch-e2e-'));
    await lay({
      [join(folder, 'linen', '1.png')]: await weave(128, 1, [{ x: 40, y: 88, radius: 9 }]),
      [join(folder, 'linen', '2.png')]: await weave(128, 2),
      [join(folder, 'linen', '3.png')]: await weave(128, 3, [{ x: 96, y: 30, radius: 6 }]),
      [join(folder, 'torn', 'torn.png')]: (await weave(64, 4)).subarray(0, 900),
    });
    host = await startHost();
    context = await (browser as Browser).newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    await page.goto(host.url);
    await page.close();
  });

  afterAll(async () => {
    await browser?.close();
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    page = await context.newPage();
    problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) problems.push(message.text());
    });
    frame = new Frame(page);
    inspect = new InspectPage(page);
    await page.goto(new URL('/', host.url).href);
    await inspect.empty.waitFor();
  });

  afterEach(async ({ task }) => {
    await page.screenshot({ path: join(SHOTS, `${task.name.replaceAll(/\W+/g, '-')}.png`) });
    if (await frame.cancel.isVisible()) await frame.cancel.click();
    if ((await inspect.cells.count()) > 0) await frame.closeAll();
    await inspect.empty.waitFor();
    await page.close();
    expect(problems).toEqual([]);
  });

  const openLinen = async () => {
    await frame.openPath(join(folder, 'linen'));
    await expect.poll(() => inspect.cells.filter({ hasText: /\d/ }).count(), PATIENCE).toBe(3);
  };

  it('inspects a folder that is opened by its path', async () => {
    await openLinen();
    expect(await inspect.title.innerText()).toContain('1.png');
    await expect.poll(() => frame.progress.isVisible(), PATIENCE).toBe(false);
    await expect.poll(async () => (await inspect.seen('Heatmap')).count(isHot), PATIENCE).toBeGreaterThan(50);
    await expect
      .poll(async () => (await inspect.seen('Overlay')).count(isContour), PATIENCE)
      .toBeGreaterThan(50);
    expect((await inspect.seen('Input')).count(isContour)).toBe(0);
  });

  it('shows the heatmap hottest where the texture is broken', async () => {
    await openLinen();
    await expect.poll(async () => (await inspect.seen('Heatmap')).count(isHot), PATIENCE).toBeGreaterThan(50);
    const heatmap = await inspect.seen('Heatmap');
    const side = Math.min(heatmap.width, heatmap.height);
    const left = (heatmap.width - side) / 2;
    const top = (heatmap.height - side) / 2;
    const [, broken] = heatmap.at(left + (40 / 128) * side, top + (88 / 128) * side);
    const [, sound] = heatmap.at(left + (100 / 128) * side, top + (20 / 128) * side);
    expect(broken).toBeLessThan(sound - 60);
  });

  it('moves the contour with the threshold and back to the proposal', async () => {
    await openLinen();
    const contour = async () => (await inspect.seen('Overlay')).count(isContour);
    await expect.poll(contour, PATIENCE).toBeGreaterThan(50);
    const proposed = await inspect.threshold.inputValue();

    await inspect.slider.press('End');
    await expect.poll(() => inspect.regions.count(), PATIENCE).toBeLessThanOrEqual(1);
    await expect.poll(contour, PATIENCE).toBeLessThan(50);

    await page.keyboard.press('Shift+BracketLeft');
    expect(Number(await inspect.threshold.inputValue())).toBeGreaterThan(Number(proposed));
    await inspect.reset.click();
    expect(await inspect.threshold.inputValue()).toBe(proposed);
    await expect.poll(contour, PATIENCE).toBeGreaterThan(50);
  });

  it('takes a threshold that is typed', async () => {
    await openLinen();
    await inspect.threshold.fill('1000');
    await inspect.threshold.press('Enter');
    await expect.poll(() => inspect.regions.count(), PATIENCE).toBe(0);
    expect(Number(await inspect.threshold.inputValue())).toBe(1000);
  });

  it('goes to the next and the previous image by key', async () => {
    await openLinen();
    await page.keyboard.press('ArrowRight');
    expect(await inspect.title.innerText()).toContain('2.png');
    expect(await inspect.selected.getAttribute('aria-label')).toContain('2.png');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await inspect.title.innerText()).toContain('1.png');
  });

  it('zooms all panes in step, at the pointer', async () => {
    await openLinen();
    await expect.poll(async () => (await inspect.seen('Heatmap')).count(isHot), PATIENCE).toBeGreaterThan(50);
    const before = await frame.zoomPercent();
    await inspect.canvas('Input').hover();
    await page.mouse.wheel(0, -300);
    await expect.poll(() => frame.zoomPercent()).toBeGreaterThan(before * 2);
    await page.mouse.move(0, 0);
    const input = await inspect.seen('Input');
    const overlay = await inspect.seen('Overlay');
    // A place that neither mini-map nor contour reaches.
    for (const x of [0.1, 0.3, 0.45]) {
      expect(overlay.at(x * input.width, 0.3 * input.height)).toEqual(
        input.at(x * input.width, 0.3 * input.height),
      );
    }
    await page.keyboard.press('0');
    await expect.poll(() => frame.zoomPercent()).toBe(100);
    await page.keyboard.press('f');
    await expect.poll(() => frame.zoomPercent()).toBe(before);
  });

  it('reads the pixel under the pointer out', async () => {
    await openLinen();
    await expect.poll(async () => (await inspect.seen('Heatmap')).count(isHot), PATIENCE).toBeGreaterThan(50);
    await inspect.canvas('Heatmap').hover();
    await expect
      .poll(() => frame.readout.innerText(), PATIENCE)
      .toMatch(/x\s+6[345]\s+y\s+6[345]\s+rgb\s+\d+\s+\d+\s+\d+\s+score\s+\d+\.\d+/);
  });

  it('switches panes, contour and blended heatmap by key', async () => {
    await openLinen();
    await page.keyboard.press('F1');
    expect(await inspect.pane('Input').count()).toBe(0);
    const contour = async () => (await inspect.seen('Overlay')).count(isContour);
    await expect.poll(contour, PATIENCE).toBeGreaterThan(50);
    await page.keyboard.press('c');
    await expect.poll(contour, PATIENCE).toBe(0);
    const plain = await inspect.seen('Overlay');
    await page.keyboard.press('h');
    await expect
      .poll(async () => (await inspect.seen('Overlay')).at(plain.width / 2, plain.height / 2))
      .not.toEqual(plain.at(plain.width / 2, plain.height / 2));
    await page.keyboard.press('F3');
    expect(await inspect.pane('Input').count()).toBe(1);
  });

  it('tells why a broken file failed, and goes on with the others', async () => {
    await frame.openPath(join(folder, 'torn'));
    await inspect.pane('Heatmap').getByRole('alert').waitFor();
    expect(await inspect.pane('Heatmap').getByRole('alert').innerText()).toContain('torn.png');
    expect(await inspect.cell('torn.png').innerText()).toContain('failed');
    await openLinen();
  });

  it('lists what could not be opened, until it is dismissed', async () => {
    await frame.openPath(join(folder, 'no-such-folder'));
    const notice = frame.notices.filter({ hasText: 'no-such-folder' });
    await notice.waitFor();
    await notice.getByRole('button').click();
    expect(await notice.count()).toBe(0);
  });

  it('opens images that are dropped, and names files that are none', async () => {
    const bytes = await weave(96, 5, [{ x: 48, y: 48, radius: 8 }]);
    await frame.drop([
      { name: 'dropped.png', bytes },
      { name: 'notes.txt', bytes: Buffer.from('no image') },
    ]);
    await expect.poll(() => inspect.cell('dropped.png').innerText(), PATIENCE).toMatch(/\d/);
    expect(await frame.notices.filter({ hasText: 'notes.txt' }).count()).toBe(1);
  });

  it('cancels an inspection and takes it up again', async () => {
    const many: Record<string, Buffer> = {};
    for (let seed = 0; seed < 12; seed++) {
      many[join(folder, 'many', `${seed}.png`)] = await weave(256, seed);
    }
    await lay(many);
    await frame.openPath(join(folder, 'many'));
    await frame.cancel.click();
    const goOn = page.getByRole('button', { name: /^Inspect \d+ waiting/ });
    await goOn.waitFor();
    expect(await frame.progress.count()).toBe(0);
    await goOn.click();
    await frame.progress.waitFor();
  });

  it('offers to inspect again with another method, and does so', async () => {
    await openLinen();
    const before = await inspect.threshold.inputValue();
    await frame.method.click();
    await page.getByRole('radio', { name: /^Colours/ }).click();
    await page.keyboard.press('Escape');
    expect(await inspect.threshold.inputValue()).toBe(before);
    await frame.inspectAgain.first().click();
    await frame.inspectAgain.first().waitFor({ state: 'hidden' });
    await expect.poll(() => inspect.threshold.inputValue(), PATIENCE).not.toBe(before);
    await expect.poll(() => frame.progress.isVisible(), PATIENCE).toBe(false);
  });

  it('tells that the connection is lost, and goes on once it is back', async () => {
    const lines: WebSocketRoute[] = [];
    await page.routeWebSocket(/\/api$/, (line) => {
      line.connectToServer();
      lines.push(line);
    });
    await page.reload();
    await frame.engineReady.waitFor();
    await lines[0].close();
    await frame.connectionLost.waitFor();
    await frame.engineReady.waitFor();
    await openLinen();
  });

  it('shows the shortcut sheet and closes it with Escape', async () => {
    await page.keyboard.press('?');
    await frame.shortcuts.waitFor();
    await page.keyboard.press('Escape');
    await frame.shortcuts.waitFor({ state: 'hidden' });
  });
});
