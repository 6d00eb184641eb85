import type { Locator, Page } from 'playwright-core';

/** The command palette. */
export class Palette {
  readonly page: Page;
  readonly field: Locator;
  readonly found: Locator;
  readonly highlighted: Locator;

  constructor(page: Page) {
    this.page = page;
    const dialog = page.getByRole('dialog', { name: 'Command palette' });
    this.field = dialog.getByRole('combobox');
    this.found = dialog.getByRole('option');
    this.highlighted = dialog.locator('[role="option"][data-highlighted]');
  }

  /** Opens the palette and types a query. */
  async find(text: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.field.and(this.page.locator(':focus')).waitFor();
    await this.page.keyboard.type(text);
  }
}
