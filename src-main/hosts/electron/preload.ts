import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels } from './channels.ts';
import type { Command, DesktopBridge, UnsavedAction } from '../../common/api/desktop.ts';

/** The part of the page's window that the preload script needs. */
declare const window: {
  location: { origin: string };
  postMessage(message: string, targetOrigin: string, transfer: readonly unknown[]): void;
};

// Rule 20 of Electron's security checklist: the page receives these functions, and no Electron API.
const bridge: DesktopBridge = {
  requestPort: () => ipcRenderer.send(channels.connect),
  pathsOf: (files) => files.map((file) => webUtils.getPathForFile(file)),
  onCommand: (listener) => {
    ipcRenderer.on(channels.command, (_event, command: Command) => listener(command));
    ipcRenderer.send(channels.ready);
  },
  onSettle: (listener) => {
    ipcRenderer.on(channels.settle, (_event, request: number, action: UnsavedAction) =>
      listener(request, action),
    );
  },
  answerSettle: (request, unsaved) => ipcRenderer.send(channels.unsaved, request, unsaved),
};

contextBridge.exposeInMainWorld('perch', bridge);

ipcRenderer.on(channels.port, (event) => {
  window.postMessage(channels.port, window.location.origin, event.ports);
});
