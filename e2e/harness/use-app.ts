import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { TestApp, type TestAppOptions } from './test-app.ts';

/** Folder of the screenshots. */
export const SHOTS = join(import.meta.dirname, '../../test-results');

/** The application of a group of tests. */
export interface App {
  readonly folder: string;
  readonly host: TestApp['host'];
  readonly problems: string[];
  /** Opens a route such as `#/inspect?image=2`. */
  open(hash: string): Promise<Page>;
  /** Kills the host and starts it again on the same data directory. */
  killHost(): Promise<void>;
}

/**
 * Starts Perch before the tests of a `describe` block and stops it after them. After each test it takes a screenshot of
 * every open page, closes the pages, and fails the test if a page threw, logged an error or violated its policy.
 *
 * @param options.keepPages leaves the pages open for the next test
 */
export function useApp({
  keepPages = false,
  ...options
}: TestAppOptions & { keepPages?: boolean } = {}): App {
  let app: TestApp | undefined;
  const pages = new Set<Page>();
  const running = () => {
    if (!app) throw new Error('The application has not started.');
    return app;
  };
  const openPages = () => [...pages].filter((page) => !page.isClosed());
  const closePages = async () => {
    for (const page of openPages()) await page.close();
    pages.clear();
  };

  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    app = await TestApp.start(options);
  });

  afterEach(async ({ task }) => {
    const name = task.name.replaceAll(/\W+/g, '-');
    for (const [at, page] of openPages().entries())
      await page
        .screenshot({ path: join(SHOTS, `${name}${at > 0 ? `-${at + 1}` : ''}.png`) })
        .catch(() => {});
    if (!keepPages) await closePages();
    const problems = running().problems.splice(0);
    expect(problems).toEqual([]);
  });

  afterAll(async () => {
    if (!app) return;
    // A page that keeps calling the host is reported when it closes.
    await closePages();
    const { problems } = app;
    await app.stop();
    expect(problems).toEqual([]);
  });

  return {
    get folder() {
      return running().folder;
    },
    get host() {
      return running().host;
    },
    get problems() {
      return running().problems;
    },
    async open(hash) {
      const page = await running().open(hash);
      pages.add(page);
      return page;
    },
    killHost: () => running().killHost(),
  };
}
