import type { Locator, Page } from 'playwright-core';

/** What surrounds every screen: opening, method, progress, notices, readout. */
export class Frame {
  readonly page: Page;
  readonly notices: Locator;
  readonly cancel: Locator;
  readonly progress: Locator;
  readonly zoom: Locator;
  readonly readout: Locator;
  readonly shortcuts: Locator;
  readonly method: Locator;
  readonly inspectAgain: Locator;
  readonly engineReady: Locator;
  readonly connectionLost: Locator;

  constructor(page: Page) {
    this.page = page;
    this.notices = page.getByRole('status', { name: 'Notices' }).locator('section');
    this.cancel = page.getByRole('button', { name: 'Cancel' });
    this.progress = page.getByRole('progressbar', { name: 'Inspection' });
    this.zoom = page.getByRole('button', { name: /^Zoom .* percent/ });
    this.readout = page.locator('dl[aria-label="Pixel under the pointer"]');
    this.method = page.getByRole('button', { name: /^Method:/ });
    this.inspectAgain = page.getByRole('button', { name: 'Inspect again' });
    this.engineReady = page.getByText('Engine ready');
    this.connectionLost = page.getByText('Connection lost');
    this.shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  }

  /** Opens a file or folder by its path on the machine of the host. */
  async openPath(path: string): Promise<void> {
    await this.page.keyboard.press('Control+o');
    await this.page.locator('[popover]:popover-open input:focus').waitFor();
    await this.page.keyboard.type(path);
    await this.page.keyboard.press('Enter');
  }

  /** Drops files onto the page. */
  async drop(files: { name: string; bytes: Buffer }[]): Promise<void> {
    const dropped = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }));
    const transfer = await this.page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      for (const { name, base64 } of ${JSON.stringify(dropped)}) {
        transfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
      }
      return transfer;
    })()`);
    await this.page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  }

  /** Closes everything that is open. */
  async closeAll(): Promise<void> {
    await this.page.keyboard.press('Control+o');
    await this.page.getByRole('button', { name: /^Close all/ }).click();
  }

  /** Device pixels per image pixel, in percent. */
  async zoomPercent(): Promise<number> {
    return parseFloat(await this.zoom.innerText());
  }
}
