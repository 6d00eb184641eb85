import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import {
  clipboard,
  crashReporter,
  nativeImage,
  nativeTheme,
  Notification,
  notifications,
  powerMonitor,
  powerSaveBlocker,
  shell,
} from './desktop-services.ts';
import { dialog } from './dialog.ts';
import { ipcMain } from './ipc-main.ts';
import './menu-keys.ts';
import { choose, lastPopup, Menu, MenuItem } from './menu.ts';
import { MessageChannelMain } from './message-ports.ts';
import { net } from './net.ts';
import { protocol } from './protocol.ts';
import { record } from './record.ts';
import { screen } from './screen.ts';
import { session } from './session.ts';
import { absent } from './strict.ts';
import { webContents } from './web-contents.ts';

/** Interface for tests, which act as the user and the desktop. Electron has no such export. */
export const standIn = {
  calls: record.calls,
  answer: record.answer.bind(record),
  notifications,
  choose,
  lastPopup,
  setDisplays: screen.set.bind(screen),
};

// Modules that the stand-in does not model. They can be imported and throw on use.
export const autoUpdater = absent('autoUpdater');
export const BaseWindow = absent('BaseWindow');
export const BrowserView = absent('BrowserView');
export const contentTracing = absent('contentTracing');
export const desktopCapturer = absent('desktopCapturer');
export const globalShortcut = absent('globalShortcut');
export const ImageView = absent('ImageView');
export const inAppPurchase = absent('inAppPurchase');
export const netLog = absent('netLog');
export const parentPort = absent('parentPort');
export const pushNotifications = absent('pushNotifications');
export const safeStorage = absent('safeStorage');
export const ServiceWorkerMain = absent('ServiceWorkerMain');
export const ShareMenu = absent('ShareMenu');
export const sharedTexture = absent('sharedTexture');
export const systemPreferences = absent('systemPreferences');
export const TouchBar = absent('TouchBar');
export const Tray = absent('Tray');
export const utilityProcess = absent('utilityProcess');
export const View = absent('View');
export const webFrameMain = absent('webFrameMain');
export const WebContentsView = absent('WebContentsView');

export {
  app,
  BrowserWindow,
  clipboard,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  webContents,
};

const electron = {
  app,
  autoUpdater,
  BaseWindow,
  BrowserView,
  BrowserWindow,
  clipboard,
  contentTracing,
  crashReporter,
  desktopCapturer,
  dialog,
  globalShortcut,
  ImageView,
  inAppPurchase,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  netLog,
  Notification,
  parentPort,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  pushNotifications,
  safeStorage,
  screen,
  session,
  ShareMenu,
  sharedTexture,
  shell,
  standIn,
  systemPreferences,
  TouchBar,
  Tray,
  utilityProcess,
  View,
  webContents,
  WebContentsView,
  webFrameMain,
};

export default electron;
/** The export of `require('electron')`. */
export { electron as 'module.exports' };
