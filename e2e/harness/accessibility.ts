import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Serious and critical violations of WCAG 2.2 AA on the page, one line each. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const { violations } = (await page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(tags)} })`,
  )) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
