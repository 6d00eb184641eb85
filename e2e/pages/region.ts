import type { Locator, Page } from 'playwright-core';

/** The region tool of the Inspect screen, operated by keyboard. */
export class RegionPage {
  readonly page: Page;
  readonly panel: Locator;
  readonly status: Locator;
  readonly shape: Locator;

  constructor(page: Page) {
    this.page = page;
    this.panel = page.getByRole('region', { name: 'Inspection region' });
    this.status = this.panel.getByRole('status').last();
    this.shape = this.panel.getByRole('button', { name: /^(Include|Exclude) / });
  }

  async open(): Promise<void> {
    await this.page.keyboard.press('Shift+R');
    await this.panel.waitFor();
  }

  /** Presses a key several times. */
  async repeat(key: string, times: number): Promise<void> {
    for (let time = 0; time < times; time++) await this.page.keyboard.press(key);
  }

  async leave(): Promise<void> {
    for (let presses = 0; presses < 3 && (await this.panel.count()) > 0; presses++)
      await this.page.keyboard.press('Escape');
    await this.panel.waitFor({ state: 'hidden' });
  }
}
