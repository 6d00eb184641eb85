import { join } from 'node:path';
import { RPCHandler } from '@orpc/server/message-port';
import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, protocol, session } from 'electron';
import type { OpenDialogOptions } from 'electron';
import { z } from 'zod';
import { reportOf } from '../../api/errors.ts';
import { openServices } from '../../services/open.ts';
import type { Services } from '../../services/services.ts';
import { serveRenderer } from '../files.ts';
import { createRouter } from '../router.ts';
import { createSite } from '../site.ts';
import { answerCalls } from './calls.ts';
import { channels } from './channels.ts';
import type { Command } from './channels.ts';
import { menuTemplate } from './menu.ts';
import { findNode } from './node-binary.ts';
import { isOwnAddress, isOwnPage, pageScheme } from './rules.ts';
import { SecurityRestrictions } from './security.ts';
import { openWindow } from './window.ts';

/** This file is built to `dist/electron/main.js`. */
const root = join(import.meta.dirname, '../..');
const developing = !app.isPackaged;
const security = new SecurityRestrictions(app);

app.setName('Perch');
security.beforeReady();
protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showWindow);
  app.whenReady().then(run).catch(fail);
} else {
  app.quit();
}

async function run(): Promise<void> {
  security.restrictSession(session.defaultSession);
  const services = await openServices(enginePlace());
  endWith(services);
  services.runs.adopt();
  await servePage(services);
  takeCalls(services);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, developing, sendCommand)));

  const open = () =>
    openWindow({
      preload: join(import.meta.dirname, 'preload.cjs'),
      icon: join(root, 'assets/icons/perch.png'),
      state: app.getPath('userData'),
      developing,
    });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open().catch(fail);
  });
  await open();
}

/** The plain Node that runs the engine, and the engine: both lie outside the archive, which Node cannot read. */
function enginePlace(): { node: string; entry: string } {
  const { platform, arch, resourcesPath } = process;
  if (developing)
    return {
      node: findNode({ platform, arch, project: root }),
      entry: join(root, 'src-main/engine/main.ts'),
    };
  return {
    node: findNode({ platform, arch, resources: resourcesPath }),
    entry: join(resourcesPath, 'app.asar.unpacked/dist/engine/main.mjs'),
  };
}

/** Ends the engine before the application ends. */
function endWith(services: Services): void {
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    closed = true;
    void services.close().finally(() => app.quit());
  });
}

async function servePage(services: Services): Promise<void> {
  const site = createSite(services, await serveRenderer(join(root, 'dist/renderer')), []);
  protocol.handle(pageScheme, async (request) =>
    isOwnAddress(request.url) ? await site(request) : new Response(null, { status: 404 }),
  );
}

/** Hands our page, and nobody else, a port for its calls (rule 17 of Electron's security checklist). */
function takeCalls(services: Services): void {
  const calls = new RPCHandler(createRouter(services, { kind: 'desktop', choose }));
  const noPayload = z.tuple([]);
  ipcMain.on(channels.connect, (event, ...payload) => {
    const frame = event.senderFrame;
    if (frame === null || !isOwnPage(frame) || !noPayload.safeParse(payload).success) return;
    const { port1, port2 } = new MessageChannelMain();
    answerCalls(calls, port1);
    frame.postMessage(channels.port, null, [port2]);
  });
}

async function choose(kind: 'files' | 'folder'): Promise<string[]> {
  const options: OpenDialogOptions = {
    properties: [kind === 'files' ? 'openFile' : 'openDirectory', 'multiSelections'],
    ...(kind === 'files' ? { filters: imageFilters } : {}),
  };
  const window = BrowserWindow.getAllWindows().at(0);
  const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  return answer.canceled ? [] : answer.filePaths;
}

const imageFilters = [
  { name: 'Images', extensions: ['png', 'jpg', 'jpeg', 'tif', 'tiff', 'bmp', 'webp'] },
  { name: 'All files', extensions: ['*'] },
];

function sendCommand(command: Command): void {
  BrowserWindow.getAllWindows().at(0)?.webContents.send(channels.command, command);
}

function showWindow(): void {
  const window = BrowserWindow.getAllWindows().at(0);
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

function fail(thrown: unknown): void {
  console.error(thrown);
  dialog.showErrorBox('Perch could not start', reportOf(thrown).message);
  app.exit(1);
}
