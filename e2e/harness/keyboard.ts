import type { Locator } from 'playwright-core';

/** Goes on by Tab until something has the focus. */
export async function reach(control: Locator): Promise<void> {
  const page = control.page();
  const focused = control.and(page.locator(':focus'));
  for (let presses = 0; presses < 80; presses++) {
    if (await focused.count()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${String(control)} is not reached by Tab.`);
}

/** Reaches a control and presses Enter. */
export async function press(control: Locator): Promise<void> {
  await reach(control);
  await control.page().keyboard.press('Enter');
}
