import type { Locator, Page } from 'playwright-core';
import { press, tabTo } from '../harness/keyboard.ts';

/** Fields of the dialog that imports a model from a file. */
export interface ModelFile {
  name: string;
  from: string;
  /** What an ONNX graph computes; a feature map by default. */
  computes?: 'Feature map' | 'Patch tokens' | 'Anomaly map';
  /** Further fields by their labels. */
  fields?: Readonly<Record<string, string>>;
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
  async add({ name, from, computes, fields = {} }: ModelFile): Promise<void> {
    await this.dialog.waitFor({ state: 'hidden' });
    await this.press(/^Import from file/);
    // The dialog takes the focus after it has opened.
    await this.dialog.getByRole('textbox', { name: 'Name' }).and(this.page.locator(':focus')).waitFor();
    await this.page.keyboard.type(name);
    await this.page.keyboard.press('Tab');
    await this.page.keyboard.type(from);
    if (computes) await this.#choose(computes);
    for (const [label, text] of Object.entries(fields)) {
      await tabTo(this.dialog.getByLabel(label));
      await this.page.keyboard.type(text);
    }
    await this.press('Import', this.dialog);
  }

  /** Moves through the radio buttons with the arrow keys. */
  async #choose(title: string): Promise<void> {
    await this.page.keyboard.press('Tab');
    const wanted = this.dialog.getByRole('radio', { name: title });
    for (let i = 0; i < 3 && !(await wanted.isChecked()); i++) await this.page.keyboard.press('ArrowDown');
  }
}
