import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { importMvtec, writeFixtureDataset, type FixtureImage } from '../fixtures/fixture-dataset.ts';
import { startBrowser } from './browser.ts';
import { startHost, type Host } from './host.ts';
import { createContext, openWindow } from './window.ts';

export interface TestAppOptions {
  /** Images of the dataset `cloth`, which is imported before the host starts; none by default. */
  images?: readonly FixtureImage[];
  /** Side of these images in pixels. */
  side?: number;
  /** Further preparation before the host starts; `PERCH_HOME` names its data directory. */
  prepare?(folder: string): Promise<void>;
  /** The host's environment. */
  env?: NodeJS.ProcessEnv;
}

/**
 * Perch with a separate data directory, in a browser or on the desktop. `PERCH_HOME` is set while it runs.
 */
export class TestApp {
  /** Temporary folder of the fixtures and of the data directory. */
  readonly folder: string;
  readonly host: Host;
  /** Errors of all pages since the list was last cleared. */
  readonly problems: string[] = [];
  readonly #browser: Browser;
  #context: BrowserContext;

  private constructor(folder: string, host: Host, browser: Browser, context: BrowserContext) {
    this.folder = folder;
    this.host = host;
    this.#browser = browser;
    this.#context = context;
  }

  static async start({ images = [], side = 128, prepare, env }: TestAppOptions = {}): Promise<TestApp> {
    const folder = await mkdtemp(join(tmpdir(), 'perch-e2e-'));
    const home = join(folder, 'home');
    process.env.PERCH_HOME = home;
    if (images.length > 0) {
      await writeFixtureDataset(join(folder, 'cloth'), images, side);
      await importMvtec(join(folder, 'cloth'));
    }
    await prepare?.(folder);
    const browser = await startBrowser();
    const host = await startHost({ home, ...(env && { env }) });
    return new TestApp(folder, host, browser, await createContext(browser, host));
  }

  /** Opens a route such as `#/inspect?image=2`; its errors are added to `problems`. */
  async open(hash: string): Promise<Page> {
    return await openWindow(this.#context, this.host, hash, this.problems);
  }

  /** Kills the host, as a power cut would, and starts it again on the same data directory. */
  async killHost(): Promise<void> {
    // Closing the context would quit the desktop application normally.
    if (!this.host.desktop) await this.#context.close();
    await this.host.restart('SIGKILL');
    this.#context = await createContext(this.#browser, this.host);
  }

  async stop(): Promise<void> {
    if (!this.host.desktop) await this.#context.close();
    await this.#browser.close();
    await this.host.stop();
    delete process.env.PERCH_HOME;
    await rm(this.folder, { recursive: true, force: true });
  }
}
