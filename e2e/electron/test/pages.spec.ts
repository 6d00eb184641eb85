import { expect, it } from 'vitest';
import { findRuntime } from '../../harness/desktop.ts';
import { Application, run } from './application.ts';

const { real } = findRuntime();

const bridge = `
const { contextBridge, ipcRenderer, webUtils } = require('electron');
contextBridge.exposeInMainWorld('bridge', {
  version: 3,
  nested: { list: [1, 'two'] },
  add: (a, b) => a + b,
  later: async (word) => word + '!',
  fail: async () => { throw new Error('refused'); },
  each: (list, call) => list.map((value) => call(value)),
  ask: (...args) => ipcRenderer.invoke('ask', ...args),
  hear: (listener) => ipcRenderer.on('word', (_event, word) => listener(word)),
  path: (file) => webUtils.getPathForFile(file),
});
ipcRenderer.on('port', (event) => window.postMessage('port', '*', event.ports));
`;

it('the context bridge passes values, functions, promises and callbacks between isolated worlds', async () => {
  const output = await run(
    `ipcMain.handle('ask', async (event, word) => word + ' from ' + new URL(event.senderFrame.url).protocol);
     app.whenReady().then(async () => {
       const { webContents: page } = await open('');
       say(await page.executeJavaScript(\`(async () => JSON.stringify([
         bridge.version, bridge.nested.list, bridge.add(1, 2), await bridge.later('word'),
         await bridge.fail().catch((error) => error.message), bridge.each([1, 2], (value) => value * 10),
         await bridge.ask('asked'), typeof require, Object.isFrozen(bridge),
       ]))()\`));
       await page.executeJavaScript('bridge.hear((word) => { document.title = word })');
       page.send('word', 'heard');
       setTimeout(async () => { say(await page.executeJavaScript('document.title')); app.exit(); }, 200);
     });`,
    { preload: bridge },
  );
  expect(JSON.parse(output[0])).toEqual([
    3,
    [1, 'two'],
    3,
    'word!',
    'refused',
    [10, 20],
    'asked from test:',
    'undefined',
    true,
  ]);
  expect(output[1]).toBe('heard');
});

it('ports carry messages in both directions and close with the page', async () => {
  const output = await run(
    `app.whenReady().then(async () => {
       const window = await open(\`<script>addEventListener('message', ({ ports: [port] }) => {
         port.onmessage = ({ data }) => port.postMessage({ echo: data });
       })</script>\`);
       const { port1, port2 } = new MessageChannelMain();
       port1.on('message', ({ data }) => { say(JSON.stringify(data)); window.reload(); });
       port1.on('close', () => { say('port closed'); app.exit(); });
       window.webContents.mainFrame.postMessage('port', null, [port2]);
       port1.start();
       port1.postMessage([1, 'two']);
     });`,
    { preload: bridge },
  );
  expect(output.slice(0, 2)).toEqual(['{"echo":[1,"two"]}', 'port closed']);
});

it('prevents navigation and denied windows', async () => {
  const output = await run(`
    app.on('web-contents-created', (_event, page) => {
      page.setWindowOpenHandler(({ url }) => { say('opens', url); return { action: 'deny' }; });
      page.on('will-navigate', (event) => { say('goes to', event.url); event.preventDefault(); });
    });
    app.whenReady().then(async () => {
      const { webContents: page } = await open('home');
      page.on('did-start-navigation', ({ isSameDocument }) => say('starts', isSameDocument));
      await page.executeJavaScript(\`(async () => {
        const moved = () => new Promise((done) => addEventListener('hashchange', () => done(0), { once: true }));
        const there = moved();
        location.hash = '#place';
        await there;
        const back = moved();
        history.back();
        return await back;
      })()\`);
      say('went back');
      await page.executeJavaScript('location.hash = "#place"; location.href = "/elsewhere"; 0');
      await page.executeJavaScript('window.open("/popup"); 0', true);
      setTimeout(async () => {
        say(await page.executeJavaScript('document.body.textContent'), new URL(page.getURL()).hash);
        say(webContents.getAllWebContents().length);
        app.exit();
      }, 500);
    });`);
  expect(output).toContain('goes to test://page/elsewhere');
  expect(output).toContain('opens test://page/popup');
  // Going back within the document does not navigate either.
  expect(output.slice(0, output.indexOf('went back'))).toEqual(['starts true', 'starts true']);
  expect(output.slice(-5)).toEqual(['home #place', '1', 'window 1 closed', 'quit 0', 'exit 0']);
});

it.skipIf(real)('features that the stand-in does not model throw with their name', async () => {
  const application = new Application(`app.whenReady().then(() => app.importCertificate({}));`);
  expect(await application.ended()).toBe(70);
  expect(application.output).toContain('does not model App.importCertificate');
  await application.stop();
  const event = new Application(
    `import { Tray } from 'electron'; app.whenReady().then(() => new Tray('x'));`,
  );
  expect(await event.ended()).toBe(70);
  expect(event.output).toContain('does not model Tray');
  await event.stop();
  const silent = new Application(`
    import { session } from 'electron';
    app.whenReady().then(() => session.defaultSession.on('will-download', () => {}));`);
  expect(await silent.ended()).toBe(70);
  expect(silent.output).toContain('does not model the event Session will-download');
  await silent.stop();
});

it.skipIf(real)('a main file that cannot be loaded ends with an error message', async () => {
  const application = new Application(`import 'node:fs'; throw new Error('at load');`, { prelude: '' });
  expect(await application.ended()).toBe(70);
  expect(application.output).toContain('A JavaScript error occurred in the main process');
  expect(application.output).toContain('at load');
  await application.stop();
});

it('packages that require electron get the same module', async () => {
  const output = await run(`
    import { createRequire } from 'node:module';
    const required = createRequire(import.meta.url)('electron');
    say(required.app === app, required.BrowserWindow === BrowserWindow);
    app.whenReady().then(() => app.exit());`);
  expect(output[0]).toBe('true true');
});
