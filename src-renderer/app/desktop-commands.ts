import type { Command, DesktopBridge } from '../../src-main/common/api/desktop.ts';
import { settleChanges } from './unsaved-changes.ts';
import type { Stores } from './stores.ts';

/** Runs commands from the desktop. */
export function followDesktop(bridge: DesktopBridge, stores: Stores): void {
  bridge.onSettle((request, action) => {
    void settleChanges(stores, action).then((unsaved) => bridge.answerSettle(request, unsaved));
  });
  bridge.onCommand((command) => carryOut(command, stores));
}

function carryOut(command: Command, stores: Stores): void {
  const { datasets, dialogs, importer, router, secondWindow } = stores;
  switch (command.type) {
    case 'import':
      importer.show();
      return void importer.browse(command.kind);
    case 'open':
      importer.show();
      return void importer.scan(command.paths);
    case 'open-dataset':
      datasets.select(command.dataset);
      router.screen = 'library';
      return;
    case 'shortcuts':
      dialogs.shortcutsOpen = true;
      return;
    case 'display':
      return secondWindow.open();
  }
}
