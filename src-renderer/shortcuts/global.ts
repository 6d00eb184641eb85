import { bridge } from '../api/bridge.ts';
import { screenList } from '../state/navigation/screens.ts';
import { defineGroup, type Action } from './action.ts';

export const globalActions: Action[] = defineGroup('General', [
  ...screenList.map(({ title, key, path }) => ({
    title,
    keys: [key],
    run: ({ router }: Parameters<Action['run']>[0]) => {
      router.screen = path;
    },
  })),
  {
    title: 'Import images',
    keys: ['Ctrl+o'],
    run: ({ importer }) => {
      importer.show();
      // The desktop menu item with this shortcut also opens the file dialog.
      if (bridge) void importer.browse('files');
    },
  },
  { title: 'Audit log', keys: ['Ctrl+Shift+l'], run: ({ audit }) => void audit.open() },
  { title: 'Command palette', keys: ['Ctrl+k'], run: ({ dialogs }) => (dialogs.paletteOpen = true) },
  { title: 'Keyboard shortcuts', keys: ['?'], run: ({ dialogs }) => (dialogs.shortcutsOpen = true) },
]);
