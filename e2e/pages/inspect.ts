import type { Locator, Page } from 'playwright-core';
import { readPixels, type PixelColors } from '../fixtures/pixel-colors.ts';

export type PaneTitle = 'Input' | 'Ground truth' | 'Heatmap' | 'Overlay';

/** The Inspect screen. */
export class InspectPage {
  readonly page: Page;
  readonly title: Locator;
  readonly cells: Locator;
  readonly selected: Locator;
  readonly threshold: Locator;
  readonly slider: Locator;
  readonly reset: Locator;
  readonly regions: Locator;
  readonly readout: Locator;
  readonly zoom: Locator;
  readonly divider: Locator;

  constructor(page: Page) {
    this.page = page;
    this.title = page.getByRole('heading', { level: 1 });
    this.cells = page.getByRole('option');
    this.selected = page.getByRole('option', { selected: true });
    this.threshold = page.getByRole('spinbutton', { name: /^Threshold/ });
    this.slider = page.getByRole('slider', { name: 'Threshold' });
    this.reset = page.getByRole('button', { name: /^Reset to suggested/ });
    this.regions = page.getByRole('button', { name: /^Region \d+/ });
    this.readout = page.getByRole('group', { name: 'Pixel under the pointer' });
    this.zoom = page.getByRole('button', { name: /^Zoom .* percent/ });
    this.divider = page.getByRole('slider', { name: /^Divider/ });
  }

  /** Waits until the class is inspected; starts the inspection by key if needed. */
  async inspected(images: number): Promise<void> {
    await this.selected.waitFor();
    const start = this.page.getByRole('button', { name: /^Inspect / });
    const scored = this.page.getByRole('option', { name: /, score \d/ });
    await start.or(scored.first()).first().waitFor();
    if (await start.isVisible()) await this.page.keyboard.press('i');
    await scored.nth(images - 1).waitFor();
  }

  pane(title: PaneTitle): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  canvas(title: PaneTitle): Locator {
    return this.pane(title).locator('canvas').first();
  }

  /** A pane's pixels. */
  async pixels(title: PaneTitle): Promise<PixelColors> {
    return await readPixels(this.canvas(title));
  }

  cell(name: string): Locator {
    return this.page.getByRole('option', { name: new RegExp(name) });
  }

  /** Device pixels per image pixel, in percent. */
  async zoomPercent(): Promise<number> {
    return parseFloat(await this.zoom.innerText());
  }
}
