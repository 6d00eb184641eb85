import { describe, expect, it } from 'vitest';
import type { Settings as Values } from '../../../src-main/common/api/settings.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { SettingsStore } from './settings-store.svelte.ts';

/** A fake host whose responses wait until the test releases them, in any order. */
function slowHost() {
  const kept = {
    operator: '',
    theme: 'dark',
    provider: 'auto',
    autoAdvance: true,
    alarmSound: false,
    units: 'mm',
    gradingRule: 'four-point',
    decodedGigabytes: 16,
    queue: '',
    queueAddress: '',
  } satisfies Values as Values;
  const waiting: (() => void)[] = [];
  const later = () => new Promise<void>((resolve) => waiting.push(resolve));
  const client = {
    settings: {
      async get() {
        const values = { ...kept };
        await later();
        return values;
      },
      async change(part: Partial<Values>) {
        await later();
        if (part.operator === 'refused') throw new Error('No.');
        return { ...Object.assign(kept, part) };
      },
    },
  } as unknown as Client;
  const answer = async (at: number) => {
    waiting.splice(at, 1)[0]();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { settings: new SettingsStore(client, new Notices()), answer };
}

describe('SettingsStore', () => {
  it('applies changes immediately, and ignores outdated responses', async () => {
    const { settings, answer } = slowHost();
    void settings.load();
    void settings.update({ autoAdvance: false });
    expect(settings.values.autoAdvance).toBe(false);
    await answer(0);
    expect(settings.values.autoAdvance).toBe(false);
    void settings.update({ autoAdvance: true });
    await answer(0);
    expect(settings.values.autoAdvance).toBe(true);
  });

  it('reverts only the settings that could not be saved', async () => {
    const { settings, answer } = slowHost();
    void settings.update({ operator: 'refused' });
    void settings.update({ theme: 'light' });
    await answer(0);
    expect(settings.values).toMatchObject({ operator: '', theme: 'light' });
  });
});
