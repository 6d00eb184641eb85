import { clipboard, Menu, shell, type BrowserWindow, type WebContents } from 'electron';

/** Adds the standard context menu to text fields and selected text. */
export function addTextMenu(page: WebContents): void {
  page.on('context-menu', (_event, { isEditable, editFlags, selectionText }) => {
    if (!isEditable && selectionText.trim() === '') return;
    Menu.buildFromTemplate([
      ...(isEditable ? [{ role: 'cut', enabled: editFlags.canCut } as const] : []),
      { role: 'copy', enabled: editFlags.canCopy },
      ...(isEditable ? [{ role: 'paste', enabled: editFlags.canPaste } as const] : []),
      { type: 'separator' },
      { role: 'selectAll', enabled: editFlags.canSelectAll },
    ]).popup();
  });
}

/** Shows the context menu of an image file. */
export function popUpImageMenu(path: string, window: BrowserWindow | undefined): void {
  Menu.buildFromTemplate([
    { label: 'Show in Folder', click: () => shell.showItemInFolder(path) },
    { label: 'Copy Path', click: () => clipboard.writeText(path) },
  ]).popup(window ? { window } : {});
}
