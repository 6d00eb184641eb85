import { describe, expect, it } from 'vitest';
import { isAppUrl, isAppFrame, isLoadAllowed, isPrintUrl } from './policy.ts';

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

describe('the URL of the application', () => {
  it.each(['perch://app/', 'perch://app', 'perch://app/page/index.js?a=b#c'])('is %s', (address) => {
    expect(isAppUrl(address)).toBe(true);
    expect(isLoadAllowed(address)).toBe(true);
  });

  it.each(foreign)('is not %j, which is not loaded either', (address) => {
    expect(isAppUrl(address)).toBe(false);
    expect(isLoadAllowed(address)).toBe(false);
  });

  it('differs from that of a page to print, which a hidden window loads', () => {
    const address = 'perch://print/0b1c2d3e-0000-4000-8000-000000000000';
    expect([isLoadAllowed(address), isPrintUrl(address), isAppUrl(address)]).toEqual([true, true, false]);
    expect(isAppFrame({ url: address, parent: null })).toBe(false);
    for (const other of [
      `${address}/x`,
      `${address}?x`,
      'perch://print/',
      'perch://user@print/',
      `x${address}`,
    ])
      expect(isLoadAllowed(other), other).toBe(false);
  });

  it('differs from blob and data URLs, which the page may load but not navigate to', () => {
    for (const address of ['blob:perch://app/0b1c', 'data:image/png;base64,AA==']) {
      expect(isLoadAllowed(address)).toBe(true);
      expect(isAppUrl(address)).toBe(false);
    }
  });
});

describe('the frame of the application', () => {
  it('is the main frame at the URL of the application', () => {
    expect(isAppFrame({ url: 'perch://app/', parent: null })).toBe(true);
  });

  it('is not a subframe, another page, or a frame that no longer exists', () => {
    expect(isAppFrame({ url: 'perch://app/', parent: { url: 'perch://app/' } })).toBe(false);
    expect(isAppFrame(null)).toBe(false);
    for (const url of foreign) expect(isAppFrame({ url, parent: null })).toBe(false);
  });
});
