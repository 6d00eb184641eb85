import type { Locator, Page } from 'playwright-core';
import { fitView, toImage, toPane, type Point, type Size } from '../../src-renderer/viewer/viewport.ts';

/** The Annotate screen. Points are image pixels while the image fits the pane. */
export class AnnotatePage {
  readonly page: Page;
  readonly status: Locator;
  readonly undo: Locator;
  readonly redo: Locator;
  readonly revisions: Locator;
  readonly surface: Locator;
  readonly dialog: Locator;
  readonly hint: Locator;
  /** Size of the image. */
  image: Size = { width: 1, height: 1 };

  constructor(page: Page) {
    this.page = page;
    this.status = page.getByRole('status', { name: 'Mask' });
    this.undo = page.getByRole('button', { name: /^Undo/ });
    this.redo = page.getByRole('button', { name: /^Redo/ });
    this.revisions = page.getByRole('region', { name: 'Revisions' }).getByRole('listitem');
    this.surface = page.getByRole('application', { name: 'Drawing canvas' });
    this.dialog = page.getByRole('dialog');
    this.hint = page.getByRole('group', { name: 'Tool options' }).getByRole('status');
  }

  /** Waits until an image can be annotated. */
  async ready(image: Size): Promise<void> {
    this.image = image;
    await this.status.waitFor();
    await this.page.locator('canvas').nth(1).waitFor();
    // Wait two frames for layout and drawing.
    await this.page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
    );
  }

  async choose(tool: string): Promise<void> {
    await this.page.getByRole('button', { name: tool, exact: true }).click();
  }

  /** Sets the brush diameter, in image pixels. */
  async size(diameter: number): Promise<void> {
    await this.page.getByRole('slider', { name: 'Size' }).fill(String(diameter));
  }

  /** Clicks a point. @returns the actual point, because the pointer moves in whole screen pixels */
  async click(place: Point, modifiers: 'Alt'[] = []): Promise<Point> {
    const at = await this.#onScreen(place);
    await this.#held(modifiers, async () => await this.page.mouse.click(at.screen.x, at.screen.y));
    return at.place;
  }

  /** Drags along points. @returns the actual points */
  async drag(places: Point[], modifiers: 'Alt'[] = []): Promise<Point[]> {
    const way: { screen: Point; place: Point }[] = [];
    for (const place of places) way.push(await this.#onScreen(place));
    await this.#held(modifiers, async () => {
      await this.page.mouse.move(way[0].screen.x, way[0].screen.y);
      await this.page.mouse.down();
      for (const { screen } of way.slice(1)) {
        await this.page.mouse.move(screen.x, screen.y);
        // One frame per move, because the browser may merge and reorder moves within a frame.
        await this.page.evaluate('new Promise(requestAnimationFrame)');
      }
      await this.page.mouse.up();
    });
    return way.map(({ place }) => place);
  }

  /** Enters the author when asked. */
  async sign(name: string): Promise<void> {
    await this.dialog.getByRole('textbox', { name: 'Your name' }).fill(name);
    await this.page.keyboard.press('Enter');
  }

  /** Waits until all changes are saved. */
  async saved(): Promise<void> {
    await this.status.filter({ hasText: /^\s*Saved/ }).waitFor();
  }

  async #held(modifiers: 'Alt'[], act: () => Promise<void>): Promise<void> {
    for (const key of modifiers) await this.page.keyboard.down(key);
    await act();
    for (const key of modifiers) await this.page.keyboard.up(key);
  }

  async #onScreen(place: Point): Promise<{ screen: Point; place: Point }> {
    const box = await this.page.locator('canvas').first().boundingBox();
    if (!box) throw new Error('The pane is not visible.');
    const view = fitView(this.image, box);
    const { x, y } = toPane(place, view, box);
    const screen = { x: Math.round(x + box.x), y: Math.round(y + box.y) };
    return { screen, place: toImage({ x: screen.x - box.x, y: screen.y - box.y }, view, box) };
  }
}
