import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentPreferences, pagePreferences } from './page-preferences.ts';

const options = { preload: '/preload.cjs', icon: '/icon.png', developing: false };

// The rules of Electron's security checklist ("Security" in its documentation).
describe('the preferences of a page', () => {
  const preferences = pagePreferences(options);

  it.each([
    [
      '2: no Node.js in pages',
      { nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false },
    ],
    ['3: context isolation', { contextIsolation: true }],
    ['4: sandbox', { sandbox: true }],
    ['6: web security', { webSecurity: true }],
    ['8: no insecure content', { allowRunningInsecureContent: false }],
    ['9: no experimental features', { experimentalFeatures: false }],
    ['11 and 12: no web views', { webviewTag: false }],
    ['13: no navigation by a dropped file', { navigateOnDragDrop: false }],
  ])('rule %s', (_rule, expected) => {
    expect(preferences).toMatchObject(expected);
    expect(documentPreferences).toMatchObject(expected);
  });

  it('allow no scripts in a document that is printed', () => {
    expect(documentPreferences).toMatchObject({ javascript: false, devTools: false });
    expect(documentPreferences).not.toHaveProperty('preload');
  });

  it('rule 10: enable no Blink features', () => {
    expect(preferences).not.toHaveProperty('enableBlinkFeatures');
  });

  it('disable developer tools in the packaged application', () => {
    expect(preferences.devTools).toBe(false);
    expect(pagePreferences({ ...options, developing: true }).devTools).toBe(true);
  });

  it('are used by every window; rule 15: nothing is opened externally', () => {
    const electron = join(import.meta.dirname, '..');
    const sources = readdirSync(electron, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
      .map((name) => readFileSync(join(electron, name), 'utf8'));
    const windows = sources.filter((source) => source.includes('new BrowserWindow('));
    expect(windows).toHaveLength(3);
    for (const source of windows)
      expect(source).toMatch(/webPreferences: (pagePreferences\(options\)|documentPreferences),/);
    for (const source of sources) expect(source).not.toMatch(/shell\.openExternal\(/);
  });
});
