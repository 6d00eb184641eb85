import type { Locator, Page } from 'playwright-core';

/** The Library screen and the import dialog. */
export class LibraryPage {
  readonly page: Page;
  readonly empty: Locator;
  readonly preview: Locator;
  readonly thumbnails: Locator;
  readonly current: Locator;
  readonly count: Locator;
  readonly inspect: Locator;

  constructor(page: Page) {
    this.page = page;
    this.empty = page.getByRole('heading', { name: 'Drop images or folders anywhere' });
    this.preview = page.getByRole('dialog', { name: 'What was recognised' });
    this.thumbnails = page.locator('[role="listbox"] [role="option"]');
    this.current = page.locator('[role="listbox"] [aria-selected="true"]');
    this.count = page.getByRole('toolbar', { name: 'Images' }).getByText(/images$/);
    this.inspect = page.getByRole('button', { name: /^Inspect (these|marked)/ });
  }

  /** Imports a folder of the host's machine by keyboard alone. */
  async importPath(path: string): Promise<void> {
    await this.page.keyboard.press('Control+o');
    await this.page.locator('[role="dialog"] input:focus').waitFor();
    await this.page.keyboard.type(path);
    await this.page.keyboard.press('Enter');
    const start = this.preview.getByRole('button', { name: /^(Import|Bring up to date) \d+/ });
    await start.waitFor();
    await start.focus();
    await this.page.keyboard.press('Enter');
    await this.preview.waitFor({ state: 'hidden' });
  }

  facet(title: string, value: string): Locator {
    return this.page.getByRole('group', { name: title }).getByRole('checkbox', { name: value });
  }
}
