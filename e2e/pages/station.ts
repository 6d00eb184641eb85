import type { Locator, Page } from 'playwright-core';
import { tabTo } from '../harness/keyboard.ts';

/** The Station screen. */
export class StationPage {
  readonly page: Page;
  readonly main: Locator;
  readonly state: Locator;
  readonly decision: Locator;
  readonly verdict: Locator;
  readonly picture: Locator;
  readonly strip: Locator;
  readonly pieces: Locator;
  readonly selected: Locator;
  readonly shift: Locator;
  readonly progress: Locator;
  readonly chart: Locator;
  readonly alarm: Locator;
  readonly form: Locator;
  readonly outputs: Locator;

  constructor(page: Page) {
    this.page = page;
    const main = page.getByRole('main', { name: 'Station' });
    this.main = main;
    this.state = main.getByRole('status', { name: 'State' });
    this.decision = main.getByRole('status', { name: 'Decision' });
    this.verdict = main.getByRole('status', { name: 'Verdict' });
    this.picture = main.getByRole('group', { name: /^Image / });
    this.strip = main.getByRole('listbox', { name: 'Last pieces' });
    this.pieces = this.strip.getByRole('option');
    this.selected = this.strip.locator('[aria-selected="true"]');
    this.shift = main.getByRole('region', { name: 'Shift' });
    this.progress = main.locator('dl[aria-label="Progress"]');
    this.chart = main.getByRole('group', { name: /^Scores of the last pieces/ });
    this.alarm = main.getByRole('alert').filter({ hasText: 'Alarm' });
    this.form = page.getByRole('dialog', { name: /station$|^Change / });
    this.outputs = page.getByRole('dialog', { name: /^Outputs of/ });
  }

  /** Creates and starts a station by keyboard. */
  async create(name: string, folder: string): Promise<void> {
    const { keyboard } = this.page;
    await keyboard.press('n');
    await this.form.getByLabel('Name', { exact: true }).waitFor();
    await tabTo(this.form.getByLabel('Name', { exact: true }));
    await keyboard.type(name);
    await tabTo(this.form.getByLabel(/^Folder/));
    await keyboard.type(folder);
    await keyboard.press('Enter');
    await this.form.waitFor({ state: 'hidden' });
  }

  /** A counter of the shift. */
  async count(name: string): Promise<number> {
    const term = this.shift.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) });
    return Number(await term.locator('xpath=following-sibling::dd').innerText());
  }
}
