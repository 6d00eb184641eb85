import { describe, expect, it } from 'vitest';
import { isAppUrl, isAppFrame, isLoadAllowed } from './policy.ts';

const foreign = [
  'https://perch.example/',
  'http://app/',
  'file:///etc/passwd',
  'perch://app.evil.example/',
  'perch://evil/',
  'perch://app@evil/',
  'perch://user@app/',
  'perch://user:key@app/',
  'perch://app:80/',
  'perch:app',
  'perch:///app',
  'perchy://app/',
  'javascript:alert(1)',
  'about:blank',
  'blob:https://evil.example/1',
  '//app/',
  'app',
  '',
];

describe('our own address', () => {
  it.each(['perch://app/', 'perch://app', 'perch://app/page/index.js?a=b#c'])('is %s', (address) => {
    expect(isAppUrl(address)).toBe(true);
    expect(isLoadAllowed(address)).toBe(true);
  });

  it.each(foreign)('is not %j, nor is it loaded', (address) => {
    expect(isAppUrl(address)).toBe(false);
    expect(isLoadAllowed(address)).toBe(false);
  });

  it('does not have to be that of what the page made itself, which it may load and not go to', () => {
    for (const address of ['blob:perch://app/0b1c', 'data:image/png;base64,AA==']) {
      expect(isLoadAllowed(address)).toBe(true);
      expect(isAppUrl(address)).toBe(false);
    }
  });
});

describe('our own page', () => {
  it('is the main frame at our address', () => {
    expect(isAppFrame({ url: 'perch://app/', parent: null })).toBe(true);
  });

  it('is no frame within it, no other page and no frame that is gone', () => {
    expect(isAppFrame({ url: 'perch://app/', parent: { url: 'perch://app/' } })).toBe(false);
    expect(isAppFrame(null)).toBe(false);
    for (const url of foreign) expect(isAppFrame({ url, parent: null })).toBe(false);
  });
});
