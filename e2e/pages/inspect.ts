import type { Locator, Page } from 'playwright-core';
import { pictureOf, type Picture } from '../picture.ts';

export type PaneTitle = 'Input' | 'Heatmap' | 'Overlay';

/** The Inspect screen. */
export class InspectPage {
  readonly page: Page;
  readonly title: Locator;
  readonly empty: Locator;
  readonly cells: Locator;
  readonly selected: Locator;
  readonly threshold: Locator;
  readonly slider: Locator;
  readonly reset: Locator;
  readonly regions: Locator;

  constructor(page: Page) {
    this.page = page;
    this.title = page.getByRole('heading', { level: 1 });
    this.empty = page.getByRole('heading', { name: 'Drop images or folders anywhere' });
    this.cells = page.getByRole('option');
    this.selected = page.getByRole('option', { selected: true });
    this.threshold = page.getByRole('spinbutton', { name: /^Threshold/ });
    this.slider = page.getByRole('slider', { name: 'Threshold' });
    this.reset = page.getByRole('button', { name: /^Reset to the proposed/ });
    this.regions = page.getByRole('button', { name: /^Region \d+/ });
  }

  pane(title: PaneTitle): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  canvas(title: PaneTitle): Locator {
    return this.pane(title).locator('canvas').first();
  }

  /** What is seen in a pane. */
  async seen(title: PaneTitle): Promise<Picture> {
    return await pictureOf(this.canvas(title));
  }

  cell(name: string): Locator {
    return this.page.getByRole('option', { name: new RegExp(`^${name},`) });
  }
}
