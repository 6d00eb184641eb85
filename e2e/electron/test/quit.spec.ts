import { describe, expect, it } from 'vitest';
import { Application, run } from './application.ts';

const onLinux = process.platform === 'linux';

/** Events in the order of `shell/browser/browser.cc` on Linux; windows in the order in which they were opened. */
describe.runIf(onLinux)('quitting', () => {
  it('asks every window, and ends when the last one has closed', async () => {
    const output = await run(`
      app.on('window-all-closed', () => say('window-all-closed'));
      app.whenReady().then(async () => { await open('one'); await open('two'); app.quit(); });`);
    expect(output[0]).toBe('before-quit');
    expect(output.slice(1, 3)).toEqual(['window 1 close', 'window 2 close']);
    expect(output.slice(3, 5).toSorted()).toEqual(['window 1 closed', 'window 2 closed']);
    // Quitting does not emit window-all-closed.
    expect(output.slice(5)).toEqual(['will-quit', 'quit 0', 'exit 0']);
  });

  it('does not start if before-quit is prevented', async () => {
    const output = await run(`
      let forbid = true;
      app.on('before-quit', (event) => { if (forbid) event.preventDefault(); forbid = false; });
      app.whenReady().then(async () => { await open('one'); app.quit(); say('still here'); app.quit(); });`);
    expect(output).toEqual([
      'before-quit',
      'still here',
      'before-quit',
      'window 1 close',
      'window 1 closed',
      'will-quit',
      'quit 0',
      'exit 0',
    ]);
  });

  it('is canceled by a window that prevents closing, and can be repeated', async () => {
    const output = await run(`
      app.whenReady().then(async () => {
        const window = await open('one');
        window.once('close', (event) => { event.preventDefault(); setTimeout(() => app.quit(), 50); });
        app.quit();
      });`);
    expect(output).toEqual([
      'before-quit',
      'window 1 close',
      'before-quit',
      'window 1 close',
      'window 1 closed',
      'will-quit',
      'quit 0',
      'exit 0',
    ]);
  });

  it('is canceled by a page that objects, unless will-prevent-unload is prevented', async () => {
    const output = await run(`
      app.whenReady().then(async () => {
        const window = await open(staying);
        window.webContents.once('will-prevent-unload', () => setTimeout(async () => {
          say('alive', await window.webContents.executeJavaScript('1 + 1'));
          window.webContents.on('will-prevent-unload', (event) => event.preventDefault());
          app.quit();
        }, 100));
        app.quit();
      });`);
    expect(output).toEqual([
      'before-quit',
      'window 1 close',
      'window 1 will-prevent-unload',
      'alive 2',
      'before-quit',
      'window 1 close',
      'window 1 will-prevent-unload',
      'window 1 closed',
      'will-quit',
      'quit 0',
      'exit 0',
    ]);
  });

  it('waits if will-quit is prevented; exit does not ask', async () => {
    const output = await run(`
      app.on('will-quit', (event) => { event.preventDefault(); setTimeout(() => app.exit(3), 20); });
      app.whenReady().then(async () => { await open('one'); app.quit(); });`);
    expect(output).toEqual([
      'before-quit',
      'window 1 close',
      'window 1 closed',
      'will-quit',
      'quit 3',
      'exit 3',
    ]);
    const exited = await run(`app.whenReady().then(async () => { await open(staying); app.exit(4); });`);
    expect(exited).toEqual(['window 1 closed', 'quit 4', 'exit 4']);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('is what %s does, once', async (signal) => {
    const application = new Application(`
      app.whenReady().then(async () => { await open(staying); say('open'); });`);
    await application.says('open');
    application.process.kill(signal);
    await application.says('window 1 will-prevent-unload');
    expect(application.said).toEqual([
      'open',
      'before-quit',
      'window 1 close',
      'window 1 will-prevent-unload',
    ]);
    // The default handler is restored.
    application.process.kill(signal);
    expect(await application.ended()).toBe(signal);
    await application.stop();
  });
});

describe.runIf(onLinux)('closing windows', () => {
  it('quits with the last window unless there is a listener to window-all-closed', async () => {
    expect(
      await run(`app.whenReady().then(async () => { const window = await open('one'); window.close(); });`),
    ).toEqual(['window 1 close', 'window 1 closed', 'before-quit', 'will-quit', 'quit 0', 'exit 0']);
    expect(
      await run(`
        app.on('window-all-closed', () => { say('window-all-closed'); setTimeout(() => app.exit(5), 20); });
        app.whenReady().then(async () => { const window = await open('one'); window.close(); });`),
    ).toEqual(['window 1 close', 'window 1 closed', 'window-all-closed', 'quit 5', 'exit 5']);
  });

  it('asks the page on window.close() and emits no close', async () => {
    const output = await run(`
      app.whenReady().then(async () => {
        const window = await open(staying);
        window.webContents.once('will-prevent-unload', () => setTimeout(() => {
          window.webContents.on('will-prevent-unload', (event) => event.preventDefault());
          window.webContents.executeJavaScript('window.close()').catch(() => {});
        }, 50));
        window.webContents.executeJavaScript('window.close()').catch(() => {});
      });`);
    expect(output).toEqual([
      'window 1 will-prevent-unload',
      'window 1 will-prevent-unload',
      'window 1 closed',
      'before-quit',
      'will-quit',
      'quit 0',
      'exit 0',
    ]);
  });

  it('closes a crashed page without asking it', async () => {
    const output = await run(`
      app.whenReady().then(async () => {
        const window = await open(staying);
        window.webContents.on('render-process-gone', (_event, { reason }) => {
          say('gone', reason, window.webContents.isCrashed());
          window.close();
        });
        window.webContents.forcefullyCrashRenderer();
      });`);
    expect(output.slice(0, 3)).toEqual(['gone crashed true', 'window 1 close', 'window 1 closed']);
  });

  it('reloads a crashed page', async () => {
    const output = await run(`
      app.whenReady().then(async () => {
        const window = await open('again');
        window.webContents.once('render-process-gone', () => {
          window.webContents.once('did-finish-load', async () => {
            say(await window.webContents.executeJavaScript('document.body.textContent'), window.webContents.isCrashed());
            app.exit();
          });
          window.reload();
        });
        window.webContents.forcefullyCrashRenderer();
      });`);
    expect(output[0]).toBe('again false');
  });
});
