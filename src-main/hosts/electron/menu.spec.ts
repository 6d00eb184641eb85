import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { menuTemplate } from './menu.ts';

/** All items, of all menus. */
function itemsOf(template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : [])]);
}

const rolesOf = (platform: NodeJS.Platform, developing = false) =>
  itemsOf(menuTemplate(platform, developing, () => {})).flatMap(({ role }) => role ?? []);

describe('the menu', () => {
  it('asks the page to open files and folders', () => {
    const send = vi.fn();
    const items = itemsOf(menuTemplate('linux', false, send));
    for (const item of items.filter(({ label }) => label?.startsWith('Open'))) (item.click as () => void)();
    expect(send.mock.calls).toEqual([['open-files'], ['open-folder']]);
  });

  it('can zoom and quit on every platform', () => {
    for (const platform of ['linux', 'win32'] as const)
      expect(rolesOf(platform)).toEqual(expect.arrayContaining(['zoomIn', 'zoomOut', 'resetZoom', 'quit']));
    // There the application menu quits, and File closes the window.
    expect(rolesOf('darwin')).toEqual(expect.arrayContaining(['appMenu', 'zoomIn', 'close', 'windowMenu']));
    expect(rolesOf('darwin')).not.toContain('quit');
  });

  it('offers the inspector to developers only', () => {
    expect(rolesOf('linux', true)).toContain('toggleDevTools');
    expect(rolesOf('linux', false)).not.toContain('toggleDevTools');
    expect(rolesOf('linux', false)).not.toContain('reload');
  });

  it('gives no accelerator twice', () => {
    const keys = itemsOf(menuTemplate('linux', true, () => {})).flatMap(
      ({ accelerator }) => accelerator ?? [],
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});
