import type { Locator, Page } from 'playwright-core';

/** The Compare screen. */
export class ComparePage {
  readonly page: Page;
  readonly base: Locator;
  readonly chart: Locator;
  readonly histograms: Locator;
  readonly disagreements: Locator;
  readonly exports: Locator;

  constructor(page: Page) {
    this.page = page;
    this.base = page.getByLabel('Baseline');
    this.chart = page.getByRole('group', { name: /curves of/ });
    this.histograms = page.getByRole('group', { name: /^Score histograms/ });
    this.disagreements = page.getByRole('region', { name: /disagree/ }).getByRole('button');
    this.exports = page.getByLabel('Export');
  }

  /** Cells of a class in the table, one per method. */
  async row(textureClass: string): Promise<string[]> {
    const row = this.page.getByRole('row', { name: new RegExp(`^${textureClass}`) }).first();
    return await row.getByRole('cell').allInnerTexts();
  }

  /** The cell of a class and a method, which opens them in Inspect. */
  cell(textureClass: string, method: string): Locator {
    return this.page.getByTitle(`Inspect ${textureClass} with ${method}`);
  }

  /** Button of a chart type. */
  tab(title: 'ROC' | 'PRO' | 'PR' | 'Scores'): Locator {
    return this.page.getByRole('button', { name: title, exact: true });
  }

  /** A method's readout below the chart: two values and the threshold. */
  async readings(method: string): Promise<string[]> {
    const row = this.page.getByRole('row', { name: new RegExp(`^${method} .* Set$`) });
    return (await row.getByRole('cell').allInnerTexts()).slice(0, 3);
  }

  /** Saves a file. @returns its path */
  async saved(format: 'csv' | 'svg' | 'png'): Promise<string> {
    const download = this.page.waitForEvent('download');
    await this.exports.selectOption(format);
    return await (await download).path();
  }

  /** Button that sets a method's threshold to the readout. */
  set(textureClass: string, method: string): Locator {
    return this.page.getByTitle(`Use this threshold for ${textureClass} with ${method}`);
  }

  pane(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }
}
