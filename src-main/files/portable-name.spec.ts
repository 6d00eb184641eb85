import { expect, it } from 'vitest';
import { portableName } from './portable-name.ts';

it.each([
  ['CON', '_CON'],
  ['nul.png', '_nul.png'],
  ['Com1.tar.gz', '_Com1.tar.gz'],
  ['a:b.png', 'a%3Ab.png'],
  ['a<b>|"?*.png', 'a%3Cb%3E%7C%22%3F%2A.png'],
  ['a.png.', 'a.png%2E'],
  ['a.png ', 'a.png%20'],
])('%j becomes %j', (name, expected) => expect(portableName(name)).toBe(expected));

it.each(['content.png', 'console', 'größe 布 (1).png', 'com10.png', 'nullen.png', '.png', "it's 100 %.png"])(
  '%j is unchanged',
  (name) => expect(portableName(name)).toBe(name),
);
