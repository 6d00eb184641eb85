import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi, type Mock } from 'vitest';
import { menuTemplate, type MenuActions, type MenuState } from './menu.ts';

const names = [
  'import',
  'openDataset',
  'openDisplay',
  'setHardwareAcceleration',
  'showShortcuts',
  'showLogs',
  'copyDiagnostics',
  'showLicenses',
  'setUpdates',
  'showAbout',
] as const satisfies (keyof MenuActions)[];
type Calls = { [Name in keyof MenuActions]: Mock<MenuActions[Name]> };
const actions = () => Object.fromEntries(names.map((name) => [name, vi.fn()])) as unknown as Calls;
const state: MenuState = {
  platform: 'linux',
  developing: false,
  updatable: true,
  preferences: { hardwareAcceleration: true, gpuCrashes: 0, updates: false, recentDatasets: [7] },
  recent: [{ id: 7, name: 'Oxford 210D' }],
};

/** The items of all menus. */
function itemsOf(template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : [])]);
}

const rolesOf = (changes: Partial<MenuState>) =>
  itemsOf(menuTemplate({ ...state, ...changes }, actions())).flatMap(({ role }) => role ?? []);

describe('the menu', () => {
  it('has an item for every action', () => {
    const called = actions();
    for (const { click, checked } of itemsOf(menuTemplate(state, called)))
      (click as unknown as (item: { checked: boolean }) => void)?.({ checked: !checked });
    expect(called.import.mock.calls).toEqual([['files'], ['folder']]);
    expect(called.openDataset.mock.calls).toEqual([[7]]);
    expect(called.setHardwareAcceleration.mock.calls).toEqual([[false]]);
    expect(called.setUpdates.mock.calls).toEqual([[true]]);
    for (const name of names) expect(called[name], name).toHaveBeenCalled();
  });

  it('has zoom and quit on every platform', () => {
    for (const platform of ['linux', 'win32'] as const)
      expect(rolesOf({ platform })).toEqual(
        expect.arrayContaining(['zoomIn', 'zoomOut', 'resetZoom', 'quit', 'togglefullscreen']),
      );
    // On macOS, the application menu quits and File closes the window.
    expect(rolesOf({ platform: 'darwin' })).toEqual(
      expect.arrayContaining(['appMenu', 'zoomIn', 'close', 'windowMenu']),
    );
    expect(rolesOf({ platform: 'darwin' })).not.toContain('quit');
  });

  it('has developer tools in development only', () => {
    expect(rolesOf({ developing: true })).toContain('toggleDevTools');
    expect(rolesOf({})).not.toContain('toggleDevTools');
    expect(rolesOf({})).not.toContain('reload');
  });

  it('uses every accelerator once', () => {
    const keys = itemsOf(menuTemplate({ ...state, developing: true }, actions())).flatMap(
      ({ accelerator }) => accelerator ?? [],
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has updates only if the installation can be updated', () => {
    const labels = itemsOf(menuTemplate({ ...state, updatable: false }, actions())).map(({ label }) => label);
    expect(labels).not.toContain('Check for Updates on Startup');
  });
});
