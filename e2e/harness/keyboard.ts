import type { Locator } from 'playwright-core';

/** Presses Tab until a control has the focus. */
export async function tabTo(control: Locator): Promise<void> {
  const page = control.page();
  const focused = control.and(page.locator(':focus'));
  for (let presses = 0; presses < 80; presses++) {
    if (await focused.count()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${String(control)} cannot be reached with Tab.`);
}

/** Focuses a control with Tab and presses Enter. */
export async function press(control: Locator): Promise<void> {
  await tabTo(control);
  await control.page().keyboard.press('Enter');
}
