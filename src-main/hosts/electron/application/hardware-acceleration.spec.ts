import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { configureHardwareAcceleration } from './hardware-acceleration.ts';
import { Preferences } from './preferences.ts';

const folder = mkdtempSync(join(tmpdir(), 'perch-graphics-'));
const file = join(folder, 'preferences.json');
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => rmSync(file, { force: true }));

/** Starts the application with the same preferences. */
function start(...switches: string[]) {
  const app = Object.assign(new EventEmitter(), {
    commandLine: { hasSwitch: (name: string) => switches.includes(name) },
    disableHardwareAcceleration: vi.fn(),
  });
  const reason = configureHardwareAcceleration(app as unknown as App, new Preferences(file));
  return { app, reason, usesGpu: app.disableHardwareAcceleration.mock.calls.length === 0 };
}

const crash = { type: 'GPU', reason: 'crashed' };

describe('hardware acceleration', () => {
  it('is off after repeated crashes of the GPU process, in one session or several', () => {
    start().app.emit('child-process-gone', {}, crash);
    const { app, usesGpu } = start();
    expect(usesGpu).toBe(true);
    app.emit('child-process-gone', {}, crash);
    app.emit('child-process-gone', {}, { type: 'Utility', reason: 'crashed' });
    app.emit('child-process-gone', {}, { type: 'GPU', reason: 'clean-exit' });
    expect(start().usesGpu).toBe(true);
    app.emit('child-process-gone', {}, crash);
    expect(start()).toMatchObject({ usesGpu: false, reason: 'after crashes' });
  });

  it('resets the number of crashes after a session without one', () => {
    start().app.emit('child-process-gone', {}, crash);
    start().app.emit('will-quit');
    expect(new Preferences(file).values.gpuCrashes).toBe(0);
  });

  it('is off by preference, and left to Chromium with --disable-gpu', () => {
    expect(start('disable-gpu')).toMatchObject({ usesGpu: true, reason: undefined });
    new Preferences(file).change({ hardwareAcceleration: false });
    expect(start()).toMatchObject({ usesGpu: false, reason: 'by preference' });
  });
});
