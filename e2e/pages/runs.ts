import type { Locator, Page } from 'playwright-core';
import { press, tabTo } from '../harness/keyboard.ts';

/** The Runs screen, operated by keyboard. */
export class RunsPage {
  readonly page: Page;
  readonly rows: Locator;
  readonly items: Locator;
  readonly needs: Locator;
  readonly built: Locator;
  readonly start: Locator;

  constructor(page: Page) {
    this.page = page;
    const form = page.getByRole('complementary', { name: 'New run' });
    this.rows = page.getByRole('region', { name: 'Runs', exact: true }).getByRole('row');
    this.items = page.getByRole('region', { name: /^Items of run/ }).getByRole('row');
    this.needs = form.getByText(/items?: about/);
    this.built = form.getByRole('listitem');
    this.start = form.getByRole('button', { name: 'Start' });
  }

  /** Chooses a dataset in the top bar. */
  async chooseDataset(name: string): Promise<void> {
    await press(this.page.getByRole('button', { name: /^Dataset and class:/ }));
    const item = this.page.getByRole('menuitemradio', { name: new RegExp(`^${name}`) });
    await item.waitFor();
    for (let presses = 0; presses < 10 && !(await item.and(this.page.locator(':focus')).count()); presses++)
      await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
  }

  async toggleClass(name: string): Promise<void> {
    await press(this.page.getByRole('button', { name, exact: true }));
  }

  async tickPreset(name: string): Promise<void> {
    await tabTo(this.page.getByRole('checkbox', { name: new RegExp(`^${name}`) }));
    await this.page.keyboard.press('Space');
  }

  /** Chooses a component by its first letters. */
  async choose(family: 'Extractor' | 'Statistic' | 'Reference', title: string): Promise<void> {
    await tabTo(this.page.getByRole('combobox', { name: new RegExp(`^${family}`) }));
    await this.page.keyboard.type(title);
  }

  async expandParameters(): Promise<void> {
    await press(this.page.locator('summary'));
  }

  /** A number field of the method builder, optionally within a group such as `Reference random`. */
  number(name: string, group = ''): Locator {
    const within = group === '' ? this.page : this.page.getByRole('group', { name: new RegExp(`^${group}`) });
    return within.getByRole('textbox', { name, exact: true });
  }

  async type(field: Locator, text: string): Promise<void> {
    await tabTo(field);
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.type(text);
  }

  async add(): Promise<void> {
    await press(this.page.getByRole('button', { name: 'Add to run' }));
  }

  /** A row of the table; 0 is the latest run. */
  row(at: number): Locator {
    return this.rows.nth(1 + at);
  }

  /** A run's number of finished items, and their total. */
  async progress(at: number): Promise<{ ended: number; total: number }> {
    const text = (await this.row(at).innerText()).match(/(\d+) \/ (\d+)/);
    return { ended: Number(text?.[1]), total: Number(text?.[2]) };
  }

  /** Presses a button of a run: `Pause`, `Resume`, `Cancel`, ... */
  async act(at: number, name: string | RegExp): Promise<void> {
    await press(this.row(at).getByRole('button', { name }));
  }

  /** Expands the items of a run. */
  async open(at: number): Promise<void> {
    await press(this.row(at).locator('[aria-expanded]'));
  }
}
