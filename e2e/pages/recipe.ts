import type { Locator, Page } from 'playwright-core';

/** The Recipe screen. */
export class RecipePage {
  readonly page: Page;
  /** The recipe's column. */
  readonly shown: Locator;
  readonly heading: Locator;
  readonly creating: Locator;
  readonly chart: Locator;
  readonly review: Locator;
  readonly reject: Locator;
  readonly note: Locator;
  readonly reason: Locator;
  readonly save: Locator;
  readonly lock: Locator;
  readonly unlock: Locator;
  readonly actions: Locator;
  readonly history: Locator;

  constructor(page: Page) {
    this.page = page;
    const aside = (this.shown = page.getByRole('complementary', { name: 'Recipe' }));
    this.heading = aside.getByRole('heading', { level: 2 });
    this.creating = page.getByRole('dialog', { name: 'Create recipe' });
    this.chart = page.getByRole('group', { name: /^Image scores of/ });
    this.review = page.getByRole('slider', { name: 'Review threshold T1' });
    this.reject = page.getByRole('slider', { name: 'Reject threshold T2' });
    this.note = page.getByRole('region', { name: 'Calibrate on' });
    this.reason = page.getByRole('textbox', { name: 'Reason for the change' });
    this.save = page.getByRole('button', { name: 'Save revision' });
    this.lock = aside.getByRole('button', { name: 'Lock' });
    this.unlock = aside.getByRole('button', { name: 'Unlock…' });
    this.actions = aside.getByRole('button', { name: 'Recipe actions' });
    this.history = page.getByRole('region', { name: 'History' }).getByRole('listitem');
  }

  rule(name: string): Locator {
    return this.page.getByRole('group', { name: 'Rules' }).getByRole('button', { name, exact: true });
  }

  source(name: 'Training' | 'Test' | 'All'): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The cell for a label and a decision. */
  cell(label: 'good' | 'defective' | 'unknown', decision: 'pass' | 'review' | 'reject'): Locator {
    return this.page.getByRole('button', { name: new RegExp(`^\\d+ ${label}, ${decision}:`) });
  }

  field(label: string | RegExp): Locator {
    return this.page.getByRole('group', { name: 'Fields' }).getByLabel(label);
  }

  /** The number of images of a label, as the chart shows it. */
  async count(label: string): Promise<string> {
    const names = await this.chart.locator('.label').allTextContents();
    const counts = await this.chart.locator('.count').allTextContents();
    return counts[names.indexOf(label)] ?? '';
  }

  /** Creates a recipe of the open class by keyboard. @param author answers the question for the operator's name */
  async create(name: string, author?: string): Promise<void> {
    await this.page.keyboard.press('n');
    const field = this.creating.getByLabel('Name');
    await field.and(this.page.locator(':focus')).waitFor();
    await field.press('ControlOrMeta+a');
    await this.page.keyboard.type(name);
    await this.page.keyboard.press('Enter');
    if (author !== undefined) {
      const asked = this.page.getByRole('dialog', { name: 'Set author' }).getByRole('textbox');
      await asked.pressSequentially(author);
      await this.page.keyboard.press('Enter');
    }
    await this.creating.waitFor({ state: 'hidden' });
  }

  /** Chooses an item of the recipe's menu by keyboard. */
  async choose(name: string | RegExp): Promise<void> {
    await this.actions.focus();
    await this.page.keyboard.press('Enter');
    const item = this.page.getByRole('menuitem', { name });
    await item.waitFor();
    for (let presses = 0; presses < 12; presses++) {
      if ((await item.getAttribute('data-highlighted')) !== null) break;
      await this.page.keyboard.press('ArrowDown');
    }
    await this.page.keyboard.press('Enter');
  }
}
