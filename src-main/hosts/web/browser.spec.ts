import { expect, it } from 'vitest';
import { browserCommand } from './browser.ts';

it('opens an address by a program that gets it as one argument, never by a shell', () => {
  const url = 'http://127.0.0.1:1/?token=a';
  expect(browserCommand('linux', url)).toEqual(['xdg-open', [url]]);
  expect(browserCommand('darwin', url)).toEqual(['open', [url]]);
  expect(browserCommand('win32', url)).toEqual(['rundll32', ['url.dll,FileProtocolHandler', url]]);
});
