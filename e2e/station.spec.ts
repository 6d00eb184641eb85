import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { addRecipe, homeIn } from './fixtures/recipes.ts';
import { queryStore } from './fixtures/query-store.ts';
import { weave, writeFiles } from './fixtures/textures.ts';
import { seriousViolations } from './harness/accessibility.ts';
import { onDesktop } from './harness/desktop.ts';
import { press, tabTo } from './harness/keyboard.ts';
import { SHOTS, useApp } from './harness/use-app.ts';
import { LibraryPage } from './pages/library.ts';
import { StationPage } from './pages/station.ts';

const TIMEOUT = { timeout: 60_000, interval: 100 };
const SIDE = 128;
const KEY = 'a key that only the receiver knows';

/** A line that is watched, by keyboard. Each test continues where the last one ended. */
describe('a station', { timeout: 120_000 }, () => {
  const app = useApp({
    images: [{ defectType: 'good', name: '1', blemishes: [] }],
    prepare: async (folder) => {
      addRecipe(homeIn(folder), { name: 'Oxford 210D', thresholds: { review: 0.02, reject: 0.03 } });
      await writeFiles({ [line('.keep', folder)]: Buffer.alloc(0) });
    },
  });
  let page: Page;
  let station: StationPage;
  let arrived = 0;

  const line = (name: string, folder = app.folder) => join(folder, 'line-3', name);

  /** A camera writes a piece, and names it when it is whole. */
  async function arrive(kind: 'good' | 'hole'): Promise<void> {
    const name = `${String(++arrived).padStart(4, '0')}.png`;
    const blemishes = kind === 'hole' ? [{ x: 40 + (arrived % 5) * 8, y: 64, radius: 10 }] : [];
    await writeFile(line(`${name}.part`), await weave(SIDE, 100 + arrived, blemishes));
    await rename(line(`${name}.part`), line(name));
  }

  const shown = async () => await station.selected.getAttribute('aria-label');
  /** Waits until a piece is on screen. */
  const showsPiece = (text: RegExp) => expect.poll(shown, TIMEOUT).toMatch(text);

  /** Waits for a counter of the shift, which follows the piece. */
  const counts = (name: string, count: number) => expect.poll(() => station.count(name), TIMEOUT).toBe(count);

  async function open(hash = '#/station') {
    page = await app.open(hash);
    station = new StationPage(page);
    await page.getByRole('main').waitFor();
  }

  beforeEach(() => open());

  it('is created for a folder, and waits', async () => {
    await page.getByRole('heading', { name: 'No station' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await station.create('Line 3', line(''));
    await page.getByText('Waiting for the first piece.').waitFor();
    expect(await station.state.innerText()).toContain('Watching');
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('shows each piece that arrives, with its decision', async () => {
    await arrive('good');
    await showsPiece(/^Piece 1, Pass$/);
    expect((await station.decision.innerText()).toUpperCase()).toBe('PASS');
    await arrive('hole');
    await showsPiece(/^Piece 2, Reject$/);
    expect((await station.decision.innerText()).toUpperCase()).toBe('REJECT');
    expect(await station.picture.getAttribute('aria-label')).toBe('Image 0002.png');
    await counts('Reject', 1);
    expect(await station.count('Pass')).toBe(1);
    expect(await station.shift.innerText()).toContain('50.0 %');
    await station.chart.waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'station-reject.png') });
  });

  it('takes the verdict of the operator, which stays', async () => {
    await showsPiece(/^Piece 2/);
    await page.keyboard.press('a');
    const asked = page.getByRole('dialog', { name: 'Set author' }).getByRole('textbox');
    await asked.pressSequentially('Ada');
    await page.keyboard.press('Enter');
    await expect.poll(() => station.verdict.innerText(), TIMEOUT).toContain('Overruled by Ada: accepted');
    await counts('Overruled', 1);
    expect(queryStore(app.host.home, `SELECT verdict FROM verdicts`)).toBe('accept');
    await page.reload();
    await showsPiece(/^Piece 2, Reject, Overruled by Ada: accepted$/);
  });

  it('holds a piece while others arrive, and follows again', async () => {
    await showsPiece(/^Piece 2/);
    await page.keyboard.press('p');
    await arrive('good');
    await page.getByText('Held, 1 newer piece').waitFor();
    expect(await shown()).toMatch(/^Piece 2/);
    await page.keyboard.press('ArrowLeft');
    await showsPiece(/^Piece 1, Pass$/);
    await page.keyboard.press('p');
    await showsPiece(/^Piece 3, Pass$/);
    await page.getByRole('button', { name: /^Hold/ }).waitFor();
  });

  it('asks again for a verdict that came when the piece had just changed', async () => {
    await showsPiece(/^Piece 3/);
    // Both keys before the other piece can load.
    await page.evaluate(
      `for (const key of ['ArrowLeft', 'r']) dispatchEvent(new KeyboardEvent('keydown', { key }))`,
    );
    await page.getByText('Press the verdict again.').waitFor();
    await showsPiece(/^Piece 2, Reject, Overruled by Ada: accepted$/);
    await page.keyboard.press('r');
    await showsPiece(/^Piece 2, Reject, Confirmed by Ada: rejected$/);
    await counts('Overruled', 0);
  });

  it('raises an alarm, which a person acknowledges', async () => {
    for (let piece = 0; piece < 3; piece++) await arrive('hole');
    await station.alarm.waitFor();
    expect(await station.alarm.innerText()).toContain('3 pieces in a row were rejected.');
    await page.keyboard.press('1');
    await page.getByRole('main', { name: 'Library' }).waitFor();
    await page.getByRole('button', { name: /Station.*Alarm/ }).waitFor();
    await page.keyboard.press('8');
    await station.alarm.waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'station-alarm.png') });
    await page.keyboard.press('q');
    await station.alarm.waitFor({ state: 'hidden' });
    await page.reload();
    await showsPiece(/^Piece 6/);
    expect(await station.alarm.count()).toBe(0);
  });

  it('shows a file that cannot be read', async () => {
    await writeFile(line('broken.png'), 'no image');
    await showsPiece(/^Piece 7, Failed$/);
    await counts('Failed', 1);
    expect(await page.getByRole('alert').innerText()).toContain('broken.png');
  });

  it('stops and starts; what arrived in between is decided once, through a crash', async () => {
    await showsPiece(/^Piece 7/);
    await page.keyboard.press('w');
    await expect.poll(() => station.state.innerText()).toContain('Stopped');
    await arrive('good');
    await page.keyboard.press('w');
    await showsPiece(/^Piece 8, Pass$/);
    await page.close();
    await app.killHost();
    await arrive('good');
    await open();
    await showsPiece(/^Piece 9, Pass$/);
    expect(queryStore(app.host.home, 'SELECT count(*) FROM pieces')).toBe(9);
  });

  it('says that its folder is missing, and continues when it is back', async () => {
    await showsPiece(/^Piece 9/);
    await rename(line(''), `${line('').replace(/\/$/, '')} away`);
    await expect.poll(() => station.state.innerText(), TIMEOUT).toContain('Folder missing');
    const alert = page.getByRole('alert').filter({ hasText: 'The folder is missing' });
    expect(await alert.innerText()).toContain('line-3');
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'station-missing.png') });
    await rename(`${line('').replace(/\/$/, '')} away`, line(''));
    await alert.waitFor({ state: 'hidden' });
    await expect.poll(() => station.state.innerText(), TIMEOUT).toContain('Watching');
  });

  it('halts while its store cannot be written, says so, and continues by itself', async () => {
    await showsPiece(/^Piece 9/);
    // As a backup program does. A full disk takes the same way.
    const other = new Database(join(app.host.home, 'perch.db'));
    other.exec('BEGIN IMMEDIATE');
    await arrive('good');
    const alert = page.getByRole('alert').filter({ hasText: 'Halted.' });
    await alert.waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: join(SHOTS, 'station-halted.png') });
    other.exec('COMMIT');
    other.close();
    await showsPiece(/^Piece 10, Pass$/);
    await alert.waitFor({ state: 'hidden' });
  });

  it('is changed', async () => {
    await showsPiece(/^Piece 10/);
    await page.keyboard.press('e');
    await station.form.waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await tabTo(station.form.getByLabel('Alarm after consecutive rejects'));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('5');
    await page.keyboard.press('Enter');
    await station.form.waitFor({ state: 'hidden' });
    expect(queryStore(app.host.home, 'SELECT alarm_after FROM stations')).toBe(5);
  });

  it('lists its shifts, and who changed what', async () => {
    await showsPiece(/^Piece 10/);
    await page.keyboard.press('t');
    const shifts = page.getByRole('dialog', { name: 'Shifts of Line 3' });
    await shifts.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+L');
    const log = page.getByRole('dialog', { name: 'Audit log' });
    await log.getByRole('row').nth(1).waitFor();
    await log.getByLabel('Subject').selectOption('verdict');
    await expect.poll(() => log.getByRole('row').count()).toBe(3);
    expect(await log.getByRole('row').nth(2).innerText()).toContain('Ada');
    expect(await seriousViolations(page)).toEqual([]);
    const download = page.waitForEvent('download');
    await press(log.getByRole('button', { name: 'CSV' }));
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text.trim().split('\n')).toHaveLength(3);
  });

  it('sends decisions to outputs, and never shows their keys', async () => {
    const received: IncomingMessage[] = [];
    const receiver = createServer((request, response) => {
      received.push(request);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;
    await showsPiece(/^Piece 10/);
    await page.keyboard.press('o');
    await press(station.outputs.getByRole('button', { name: 'Add output…' }));
    const form = station.outputs.getByRole('form', { name: 'Add output' });
    await form.getByLabel('Address').fill(`http://127.0.0.1:${port}/perch`);
    await form.getByLabel('Key that signs messages').fill(KEY);
    expect(await seriousViolations(page)).toEqual([]);
    await press(form.getByRole('button', { name: 'Add output' }));
    await form.waitFor({ state: 'hidden' });
    await press(station.outputs.getByRole('button', { name: 'Add output…' }));
    await form.getByLabel('Type').selectOption('file');
    await press(form.getByRole('button', { name: 'Add output' }));
    await expect.poll(() => station.outputs.getByRole('listitem').count()).toBe(2);
    await press(station.outputs.getByRole('button', { name: 'Test' }).first());
    await station.outputs.getByText('The test succeeded').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    expect(await page.content()).not.toContain(KEY);
    await page.keyboard.press('Escape');

    await arrive('hole');
    await showsPiece(/^Piece 11, Reject$/);
    await expect.poll(() => received.length, TIMEOUT).toBe(2);
    expect(received[1].headers['x-perch-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    const sent = async () => await readFile(line('0010.png.jsonl'), 'utf8').catch(() => '');
    await expect.poll(sent, TIMEOUT).toContain('"decision":"reject"');
    receiver.close();
  });

  it('opens a piece in Inspect', async () => {
    await showsPiece(/^Piece 11/);
    await page.keyboard.press('i');
    await page.getByRole('main', { name: 'Inspect' }).waitFor();
    await expect.poll(() => page.title(), TIMEOUT).toContain('0010.png');
  });

  // The desktop has one main window.
  it.skipIf(onDesktop)('adds each piece to the images of its dataset, in every window', async () => {
    await showsPiece(/^Piece 11/);
    const windows = [await app.open('#/library?dataset=2'), await app.open('#/library?dataset=2')];
    const counted = async () =>
      await Promise.all(windows.map((each) => new LibraryPage(each).count.innerText()));
    await expect.poll(counted, TIMEOUT).toEqual(['10 images', '10 images']);
    await arrive('good');
    await expect.poll(counted, TIMEOUT).toEqual(['11 images', '11 images']);
    await showsPiece(/^Piece 12/);
  });
});
