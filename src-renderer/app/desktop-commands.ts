import type { Command, DesktopBridge } from '../../src-main/common/api/desktop.ts';
import { settleChanges } from './unsaved-changes.ts';
import type { Workstation } from './workstation.svelte.ts';

/** Does what the desktop asks of its page, for the life of the page. */
export function followDesktop(bridge: DesktopBridge, station: Workstation): void {
  bridge.onSettle((request, action) => {
    void settleChanges(station, action).then((unsaved) => bridge.answerSettle(request, unsaved));
  });
  bridge.onCommand((command) => obey(command, station));
}

function obey(command: Command, station: Workstation): void {
  const { importer, catalogue, address } = station;
  switch (command.type) {
    case 'import':
      importer.show();
      return void importer.choose(command.kind);
    case 'open':
      importer.show();
      return void importer.look(command.paths);
    case 'open-dataset':
      catalogue.choose(command.dataset);
      address.screen = 'library';
      return;
    case 'shortcuts':
      station.shortcutsShown = true;
      return;
    case 'display':
      return station.openDisplay();
  }
}
