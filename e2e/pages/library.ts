import type { Locator, Page } from 'playwright-core';

/** The Library screen and the import dialog. */
export class LibraryPage {
  readonly page: Page;
  readonly empty: Locator;
  readonly preview: Locator;
  readonly path: Locator;
  readonly imported: Locator;
  readonly importing: Locator;
  readonly datasets: Locator;
  readonly thumbnails: Locator;
  readonly current: Locator;
  readonly count: Locator;
  readonly inspect: Locator;

  constructor(page: Page) {
    this.page = page;
    this.empty = page.getByRole('heading', { name: 'Drop images or folders anywhere' });
    this.preview = page.getByRole('dialog', { name: 'Import preview' });
    this.path = page.getByLabel(/^Path/);
    this.imported = page.getByRole('dialog', { name: 'Imported' });
    this.importing = page.getByRole('dialog', { name: 'Importing' });
    this.datasets = page.getByRole('complementary', { name: 'Datasets and filters' });
    this.thumbnails = page.locator('[role="listbox"] [role="option"]');
    this.current = page.locator('[role="listbox"] [aria-selected="true"]');
    this.count = page.getByRole('toolbar', { name: 'Images' }).getByText(/^(\d+ of )?\d+ images?$/);
    this.inspect = page.getByRole('button', { name: /^Inspect \d+/ });
  }

  /** Scans a folder of the host by keyboard. */
  async scan(path: string): Promise<void> {
    await this.page.keyboard.press('Control+o');
    await this.path.and(this.page.locator(':focus')).waitFor();
    await this.page.keyboard.type(path);
    await this.page.keyboard.press('Enter');
    await this.start.waitFor();
  }

  /** Imports a folder of the host by keyboard. */
  async importPath(path: string): Promise<void> {
    await this.scan(path);
    await this.start.focus();
    await this.page.keyboard.press('Enter');
    await this.preview.waitFor({ state: 'hidden' });
  }

  /** Drops files and folders onto the window, as a file manager does. */
  async drop(files: string[]): Promise<void> {
    const devtools = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await devtools.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data });
    await devtools.detach();
  }

  /** The import button of the preview. */
  get start(): Locator {
    return this.preview.getByRole('button', { name: /^(Import|Re-import) \d+/ });
  }

  dataset(name: string): Locator {
    return this.datasets.getByRole('button', { name: new RegExp(`^${name} `) });
  }

  /** Chooses an item of a dataset's menu by keyboard. */
  async choose(dataset: string, item: string): Promise<void> {
    await this.page.getByRole('button', { name: `Actions for ${dataset}`, exact: true }).focus();
    await this.page.keyboard.press('Enter');
    await this.page.getByRole('menuitem', { name: item }).focus();
    await this.page.keyboard.press('Enter');
  }

  facet(title: string, value: string): Locator {
    return this.page.getByRole('group', { name: title }).getByRole('checkbox', { name: value });
  }
}
