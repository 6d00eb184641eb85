import { describe, expect, it, vi } from 'vitest';
import type { UnsavedAction, UnsavedChange } from '../../../common/api/desktop.ts';
import { CloseGuard, type ClosableWindow } from './close-guard.ts';

type Settled = UnsavedChange[] | 'unreachable' | 'gone';
const mask: UnsavedChange = { title: 'The mask of 003.png', reason: 'It has no author.' };

/** A window and an application that close and quit like Electron's. */
function application(results: Settled[], choices: ('save' | 'discard' | 'cancel')[] = []) {
  const actions: UnsavedAction[] = [];
  const state = { open: true, running: true };
  let onClose: ((event: { preventDefault(): void }) => void) | undefined;
  const window: ClosableWindow = {
    on: (_event, listener) => (onClose = listener),
    isDestroyed: () => !state.open,
    close() {
      let prevented = false;
      onClose?.({ preventDefault: () => (prevented = true) });
      if (!prevented) state.open = false;
    },
  };
  const confirm = vi.fn(async () => choices.shift() ?? 'cancel');
  const guard = new CloseGuard({
    settle: async (_window, action) => {
      actions.push(action);
      return action === 'discard' ? [] : (results.shift() ?? []);
    },
    confirm,
    quit: () => quit(),
  });
  guard.add(window);
  const quit = () => {
    guard.quitRequested();
    if (state.open) window.close();
    if (!state.open) state.running = false;
  };
  const settled = async () => await new Promise((resolve) => setTimeout(resolve));
  return { window, state, actions, confirm, quit, settled };
}

describe('closing a window', () => {
  it('closes after the page saved, without a question', async () => {
    const { window, state, actions, confirm, settled } = application([[]]);
    window.close();
    expect(state.open).toBe(true);
    await settled();
    expect(state).toEqual({ open: false, running: true });
    expect(actions).toEqual(['flush']);
    expect(confirm).not.toHaveBeenCalled();
  });

  it('quits after the page saved', async () => {
    const { quit, state, settled } = application([[]]);
    quit();
    await settled();
    expect(state).toEqual({ open: false, running: false });
  });

  it('keeps window and application if the user cancels, and closes later without quitting', async () => {
    const { window, quit, state, settled } = application([[mask], []], ['cancel']);
    quit();
    await settled();
    expect(state).toEqual({ open: true, running: true });
    window.close();
    await settled();
    expect(state).toEqual({ open: false, running: true });
  });

  it('saves if the user chooses so, and asks again if that failed', async () => {
    const { window, state, actions, confirm, settled } = application([[mask], [mask], []], ['save', 'save']);
    window.close();
    await settled();
    expect(actions).toEqual(['flush', 'save', 'save']);
    expect(confirm).toHaveBeenCalledTimes(2);
    expect(state.open).toBe(false);
  });

  it('discards if the user chooses so', async () => {
    const { window, state, actions, settled } = application([[mask]], ['discard']);
    window.close();
    await settled();
    expect(actions).toEqual(['flush', 'discard']);
    expect(state.open).toBe(false);
  });

  it('asks about a page that does not respond, and closes a window without a page', async () => {
    const silent = application(['unreachable'], ['discard']);
    silent.window.close();
    await silent.settled();
    expect(silent.actions).toEqual(['flush']);
    expect(silent.state.open).toBe(false);

    const gone = application(['gone']);
    gone.window.close();
    await gone.settled();
    expect(gone.confirm).not.toHaveBeenCalled();
    expect(gone.state.open).toBe(false);
  });

  it('asks once if the user closes twice', async () => {
    const { window, confirm, settled } = application([[mask]], ['cancel']);
    window.close();
    window.close();
    await settled();
    expect(confirm).toHaveBeenCalledOnce();
  });
});
