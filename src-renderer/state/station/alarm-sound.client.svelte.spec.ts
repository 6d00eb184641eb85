import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlarmSound } from './alarm-sound.svelte.ts';

const started = vi.fn();
let audible = true;

/** Plays nothing, and records what would sound. */
class FakeAudioContext {
  readonly currentTime = 0;
  readonly destination = {};
  get state() {
    return audible ? 'running' : 'suspended';
  }
  async resume() {
    if (!audible) await new Promise(() => {});
  }
}
class FakeNode {
  connect() {}
  start = started;
  stop() {}
}

describe('the sound of an alarm', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    started.mockClear();
    audible = true;
    vi.stubGlobal('AudioContext', FakeAudioContext);
    vi.stubGlobal('GainNode', FakeNode);
    vi.stubGlobal('OscillatorNode', FakeNode);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  function setup() {
    let alarm = $state(false);
    const sound = new AlarmSound();
    const destroy = $effect.root(() => sound.follow(() => alarm));
    flushSync();
    return {
      destroy,
      sound,
      raise(on: boolean) {
        alarm = on;
        flushSync();
      },
    };
  }

  it('repeats two tones until a person acknowledges the alarm', async () => {
    const { destroy, raise } = setup();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(started).not.toHaveBeenCalled();
    raise(true);
    await vi.advanceTimersByTimeAsync(5100);
    expect(started).toHaveBeenCalledTimes(6);
    raise(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(started).toHaveBeenCalledTimes(6);
    destroy();
  });

  it('says that the browser blocks it, and starts when it may', async () => {
    const { destroy, raise, sound } = setup();
    audible = false;
    raise(true);
    await vi.advanceTimersByTimeAsync(100);
    expect([sound.blocked, started.mock.calls.length]).toEqual([true, 0]);
    audible = true;
    await vi.advanceTimersByTimeAsync(2500);
    expect([sound.blocked, started.mock.calls.length]).toEqual([false, 2]);
    destroy();
  });
});
