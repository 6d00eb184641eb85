import type { Locator, Page } from 'playwright-core';
import { press } from '../harness/keyboard.ts';

/** Fields of the dialog that imports a model from a file. */
export interface ModelFile {
  name: string;
  from: string;
  /** Whether it computes anomaly maps instead of features. */
  isMap?: boolean;
  layer?: string;
  mean?: string;
  std?: string;
}

/** The Settings screen, operated by keyboard. */
export class SettingsPage {
  readonly page: Page;
  readonly operator: Locator;
  readonly dialog: Locator;
  readonly storage: Locator;
  readonly doctor: Locator;

  constructor(page: Page) {
    this.page = page;
    this.operator = page.getByRole('textbox', { name: 'Operator name' });
    this.dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'));
    this.storage = page.getByRole('region', { name: 'Storage' });
    this.doctor = page.getByRole('region', { name: 'Diagnostics' });
  }

  device(name: string): Locator {
    return this.page.getByRole('radio', { name: new RegExp(`^${name}`) });
  }

  /** A model's list item, by its name in methods. */
  model(name: string): Locator {
    return this.page.getByRole('region', { name: 'Models' }).getByRole('listitem').filter({ hasText: name });
  }

  async press(name: RegExp | string, within: Page | Locator = this.page): Promise<void> {
    await press(within.getByRole('button', { name }));
  }

  /** Submits the dialog, which stays open if the host refuses the model. */
  async add({ name, from, isMap = false, layer = '', mean = '', std = '' }: ModelFile): Promise<void> {
    await this.dialog.waitFor({ state: 'hidden' });
    await this.press(/^Import from file/);
    // The dialog takes the focus after it has opened.
    await this.dialog.getByRole('textbox', { name: 'Name' }).and(this.page.locator(':focus')).waitFor();
    await this.#typeAll([name, from]);
    if (isMap) await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Tab');
    await this.#typeAll([layer, mean, std]);
    await this.press('Import', this.dialog);
  }

  /** Types into fields that follow each other. */
  async #typeAll(texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      await this.page.keyboard.type(text);
      await this.page.keyboard.press('Tab');
    }
  }
}
