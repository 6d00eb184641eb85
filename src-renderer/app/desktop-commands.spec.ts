import { expect, it, vi } from 'vitest';
import type { Command, DesktopBridge } from '../../src-main/common/api/desktop.ts';
import { followDesktop } from './desktop-commands.ts';
import type { Stores } from './stores.ts';

function desktop() {
  let send: (command: Command) => void = () => {};
  let settle: (request: number, action: 'save' | 'discard' | 'ask') => void = () => {};
  const answerSettle = vi.fn();
  const bridge = {
    onCommand: (handle: typeof send) => (send = handle),
    onSettle: (handle: typeof settle) => (settle = handle),
    answerSettle,
  } as unknown as DesktopBridge;
  const stores = {
    annotation: { discard: vi.fn(async () => {}) },
    datasets: { select: vi.fn() },
    dialogs: { shortcutsOpen: false },
    importer: { show: vi.fn(), browse: vi.fn(), scan: vi.fn() },
    calibration: { unsaved: [] },
    router: { screen: 'inspect' },
    secondWindow: { open: vi.fn() },
  };
  followDesktop(bridge, stores as unknown as Stores);
  return {
    send: (command: Command) => send(command),
    settle: () => settle(4, 'discard'),
    answerSettle,
    stores,
  };
}

it("runs the menu's commands", () => {
  const { send, stores } = desktop();
  send({ type: 'import', kind: 'folder' });
  send({ type: 'open', paths: ['/linen'] });
  send({ type: 'open-dataset', dataset: 3 });
  send({ type: 'shortcuts' });
  send({ type: 'display' });
  expect(stores.importer.browse.mock.calls).toEqual([['folder']]);
  expect(stores.importer.scan.mock.calls).toEqual([[['/linen']]]);
  expect(stores.datasets.select.mock.calls).toEqual([[3]]);
  expect(stores.router.screen).toBe('library');
  expect(stores.dialogs.shortcutsOpen).toBe(true);
  expect(stores.secondWindow.open).toHaveBeenCalled();
});

it('answers a request to settle changes with its number', async () => {
  const { settle, answerSettle } = desktop();
  settle();
  await vi.waitFor(() => expect(answerSettle.mock.calls).toEqual([[4, []]]));
});
