import { beforeAll, describe, expect, it, vi } from 'vitest';
import { fakeServices } from '../services.fake.ts';
import { app, BrowserWindow, dialog, ipcMain, protocol } from './electron.fake.ts';

const { services } = fakeServices();
const engine = vi.hoisted(() => ({ options: undefined as unknown }));

vi.mock('electron', () => import('./electron.fake.ts'));
vi.mock('./node-binary.ts', () => ({ findNode: () => '/node' }));
vi.mock('../files.ts', () => ({
  serveRenderer: async () => async () => new Response('<title>Perch</title>'),
}));
vi.mock('../../services/open.ts', () => ({
  openServices: async (options: unknown) => {
    engine.options = options;
    return services;
  },
}));

beforeAll(async () => {
  await import('./main.ts');
  await vi.waitFor(() => expect(BrowserWindow.opened).toHaveLength(1), { timeout: 4000 });
});

describe('the desktop', () => {
  it('opens one window on its own page, in a sandbox without Node, shown when it is painted', () => {
    const [window] = BrowserWindow.opened;
    expect(window.loadURL).toHaveBeenCalledWith('perch://app/');
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(window.options.show).toBe(false);
    window.emit('ready-to-show');
    expect(window.show).toHaveBeenCalledOnce();
    expect(app.enableSandbox).toHaveBeenCalledOnce();
  });

  it('has the engine run by plain Node', () => {
    expect(engine.options).toEqual({ node: '/node', entry: expect.stringMatching(/engine[\\/]main\.ts$/) });
  });

  it('serves its page and assets at its own address, confined, and nothing at others', async () => {
    const [scheme, answer] = protocol.handle.mock.calls[0];
    expect(scheme).toBe('perch');
    const page = await answer(new Request('perch://app/'));
    expect(await page.text()).toBe('<title>Perch</title>');
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'self';");
    const image = await answer(new Request('perch://app/assets/images/7'));
    expect(image.headers.get('content-type')).toBe('image/png');
    expect((await answer(new Request('perch://elsewhere/'))).status).toBe(404);
  });

  it('hands a port to the main frame of its page only, asked for in so many words', () => {
    const frame = (url: string, parent: unknown = null) => ({ url, parent, postMessage: vi.fn() });
    const own = frame('perch://app/');
    ipcMain.emit('perch:connect', { senderFrame: own });
    expect(own.postMessage).toHaveBeenCalledWith('perch:port', null, [expect.anything()]);

    const within = frame('perch://app/', own);
    const foreign = frame('https://evil.example/');
    const talkative = frame('perch://app/');
    for (const stranger of [within, foreign, null]) ipcMain.emit('perch:connect', { senderFrame: stranger });
    ipcMain.emit('perch:connect', { senderFrame: talkative }, 'more');
    for (const stranger of [within, foreign, talkative]) expect(stranger.postMessage).not.toHaveBeenCalled();
  });

  it('comes to the front when it is started a second time', () => {
    app.emit('second-instance');
    expect(BrowserWindow.opened[0].restore).toHaveBeenCalled();
    expect(BrowserWindow.opened[0].focus).toHaveBeenCalled();
  });

  it('ends the engine before it ends', async () => {
    const close = vi.spyOn(services, 'close');
    const preventDefault = vi.fn();
    app.emit('before-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    expect(close).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(app.quit).toHaveBeenCalledOnce(), { timeout: 4000 });
    app.emit('before-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    expect(dialog.showErrorBox).not.toHaveBeenCalled();
  });
});
