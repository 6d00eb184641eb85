import { describe, expect, it } from 'vitest';
import { onDesktop } from './harness/desktop.ts';
import { storedGroundTruth } from './fixtures/masks.ts';
import { useApp } from './harness/use-app.ts';
import { AnnotatePage } from './pages/annotate.ts';

const SIZE = { width: 128, height: 128 };
const IMAGES = ['1', '2'].map((name) => ({ defectType: 'good', name, blemishes: [] }));
/** Time after which a stroke is stored as a draft (annotation/drafts.ts). */
const DRAFT_MS = 600;
const TIMEOUT = { timeout: 30_000, interval: 100 };

describe.skipIf(onDesktop)('unsaved masks in two windows', () => {
  const app = useApp({ images: IMAGES, side: SIZE.width });

  async function open(image: number): Promise<AnnotatePage> {
    const page = await app.open(`#/annotate?image=${image}`);
    const annotate = new AnnotatePage(page);
    await annotate.ready(SIZE);
    return annotate;
  }

  async function draw(annotate: AnnotatePage): Promise<void> {
    await annotate.drag([
      { x: 30, y: 40 },
      { x: 70, y: 60 },
    ]);
  }

  /** Closes a window as a crash would: without dialogs and without saving. */
  async function crash({ page }: AnnotatePage): Promise<void> {
    await page.close();
  }

  const restored = ({ page }: AnnotatePage) =>
    page.getByRole('status', { name: 'Notices' }).getByText('Unsaved masks were restored');

  it('belong to their window while it is open, and are restored by another window afterwards', async () => {
    const first = await open(1);
    const before = await storedGroundTruth(app.host.home, 1);
    await draw(first);
    await first.dialog.waitFor();
    await first.page.keyboard.press('Escape');
    await first.page.waitForTimeout(DRAFT_MS);

    const second = await open(1);
    await second.page.waitForTimeout(2 * DRAFT_MS);
    expect(await restored(second).count()).toBe(0);
    expect(await second.undo.isEnabled()).toBe(false);

    await crash(first);
    const third = await open(1);
    await restored(third).waitFor();
    expect(await third.undo.isEnabled()).toBe(true);
    const fourth = await open(1);
    expect(await restored(fourth).count()).toBe(0);
    await third.sign('A. Weber');
    await third.saved();
    const after = await storedGroundTruth(app.host.home, 1);
    expect(after).toMatchObject({ revision: (before?.revision ?? 0) + 1, groundTruth: 'masked' });
  });

  it('cause no conflict if the store received them before the window closed', async () => {
    const first = await open(2);
    await first.page.route('**/assets/masks/2?*', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await draw(first);
    await expect
      .poll(async () => (await storedGroundTruth(app.host.home, 2))?.groundTruth, TIMEOUT)
      .toBe('masked');
    const saved = await storedGroundTruth(app.host.home, 2);
    await crash(first);
    app.problems.length = 0;

    const second = await open(2);
    await second.saved();
    expect(await restored(second).count()).toBe(0);
    expect(await storedGroundTruth(app.host.home, 2)).toEqual(saved);
  });
});
