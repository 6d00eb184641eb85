import type { Locator, Page } from 'playwright-core';

/** The Roll screen. */
export class RollPage {
  readonly page: Page;
  readonly title: Locator;
  readonly grade: Locator;
  readonly rule: Locator;
  readonly map: Locator;
  readonly table: Locator;
  readonly rows: Locator;
  readonly selected: Locator;
  /** The panel of the selected defect. */
  readonly defect: Locator;
  readonly kind: Locator;
  readonly points: Locator;
  readonly reason: Locator;
  readonly importing: Locator;
  readonly details: Locator;
  readonly certificate: Locator;

  constructor(page: Page) {
    this.page = page;
    this.title = page.getByRole('main').getByRole('heading', { level: 2 }).first();
    this.grade = page.getByRole('group', { name: 'Grade', exact: true });
    this.rule = page.getByRole('combobox', { name: 'Grading rule' });
    this.map = page.getByRole('group', { name: /^Defect map\. Arrow keys/ });
    this.table = page.getByRole('grid', { name: 'Defects' });
    this.rows = this.table.getByRole('rowgroup').getByRole('row');
    this.selected = this.table.locator('[aria-selected="true"]');
    this.defect = page.getByRole('region', { name: 'Selected defect' });
    this.kind = this.defect.getByLabel('Kind');
    this.points = this.defect.getByLabel('Points', { exact: true });
    this.reason = this.defect.getByLabel('Reason for other points');
    this.importing = page.getByRole('dialog', { name: 'Import roll' });
    this.details = page.getByRole('dialog', { name: 'Edit roll' });
    this.certificate = page.getByRole('dialog', { name: /^Certificate of/ });
  }

  /** Imports a roll by keyboard. */
  async import(path: string, lot: string, article: string): Promise<void> {
    const { keyboard } = this.page;
    await keyboard.press('n');
    await this.importing.getByLabel(/^Path/).fill(path);
    await this.importing.getByLabel('Lot').fill(lot);
    await this.importing.getByLabel('Article').fill(article);
    await keyboard.press('Enter');
    await this.importing.waitFor({ state: 'hidden' });
  }

  /** Sets the scale of both directions by keyboard, in millimeters per pixel. */
  async setScale(millimeters: number): Promise<void> {
    const { keyboard } = this.page;
    await keyboard.press('e');
    await this.details.getByLabel('Scale along').fill(String(millimeters));
    await this.details.getByLabel('Scale across').fill('');
    await keyboard.press('Enter');
    await this.details.waitFor({ state: 'hidden' });
  }

  /** The text of each cell of a row. */
  async cells(row: Locator): Promise<string[]> {
    return await row.getByRole('gridcell').allInnerTexts();
  }

  /** Total points in the header. */
  async totalPoints(): Promise<number> {
    const text = await this.grade.locator('strong').first().innerText();
    return Number(/^(\d+) points?$/.exec(text)?.[1]);
  }
}
