import type { Locator, Page } from 'playwright-core';

/** Review sessions: dialogs, the menu in the top bar and the verdicts on the Inspect screen. */
export class ReviewPage {
  readonly page: Page;
  readonly starting: Locator;
  readonly operator: Locator;
  readonly second: Locator;
  readonly overlap: Locator;
  readonly progress: Locator;
  readonly kind: Locator;
  readonly note: Locator;
  readonly advance: Locator;
  readonly blind: Locator;
  readonly heatmapHidden: Locator;
  readonly summary: Locator;
  readonly disagreements: Locator;

  constructor(page: Page) {
    this.page = page;
    this.starting = page.getByRole('dialog', { name: 'Start review' });
    this.operator = page.getByRole('textbox', { name: 'Operator', exact: true });
    this.second = page.getByRole('textbox', { name: 'Second operator' });
    this.overlap = page.getByRole('spinbutton', { name: /^Overlap/ });
    this.progress = page.getByRole('button', { name: /^Session( \(blind\))?:/ });
    this.kind = page.getByRole('combobox', { name: 'Defect type' });
    this.note = page.getByRole('textbox', { name: 'Note' });
    this.advance = page.getByRole('checkbox', { name: 'Advance after verdict' });
    this.blind = page.getByRole('checkbox', { name: 'Blind' });
    this.heatmapHidden = page.getByRole('checkbox', { name: 'Hide the heatmap too' });
    this.summary = page.getByRole('dialog', { name: / by / });
    this.disagreements = page.getByRole('list', { name: 'Disagreements' }).getByRole('button');
  }

  verdict(verdict: 'Accept' | 'Reject' | 'Unsure'): Locator {
    return this.page.getByRole('button', { name: new RegExp(`${verdict}$`) });
  }

  /**
   * Starts a session of all filtered images by keyboard. It is blind by default.
   *
   * @param operators one, or two for a double review
   */
  async start(
    operators: string | [string, string],
    { blind = true, heatmapHidden = false }: { blind?: boolean; heatmapHidden?: boolean } = {},
  ): Promise<void> {
    const [operator, second] = [operators].flat();
    await this.page.keyboard.press('u');
    await this.starting.waitFor();
    await this.operator.fill(operator);
    if (second !== undefined) await this.second.fill(second);
    if (!blind) await this.blind.press('Space');
    if (heatmapHidden) await this.heatmapHidden.press('Space');
    await this.operator.press('Enter');
    await this.progress.waitFor();
    await this.starting.waitFor({ state: 'hidden' });
  }

  /** Chooses an item of the session menu by keyboard. */
  async choose(item: string): Promise<void> {
    await this.progress.focus();
    await this.page.keyboard.press('Enter');
    await this.page.getByRole('menuitem', { name: item }).focus();
    await this.page.keyboard.press('Enter');
  }

  /** Resumes an operator's newest session from the menu by keyboard. */
  async resume(operator: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Session|^Review$/ }).focus();
    await this.page.keyboard.press('Enter');
    const sessions = this.page.getByRole('menuitem', { name: new RegExp(`^${operator}:`) });
    await sessions.first().focus();
    await this.page.keyboard.press('ArrowRight');
    const item = this.page.getByRole('menuitem', { name: /^(Resume|Open)$/ });
    await item.waitFor();
    await item.press('Enter');
  }
}
