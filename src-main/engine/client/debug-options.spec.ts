import { expect, it } from 'vitest';
import { debugOptions } from './debug-options.ts';

it.each([
  [undefined, []],
  ['', []],
  ['0', []],
  ['1', ['--inspect=127.0.0.1:9229']],
  ['9300', ['--inspect=127.0.0.1:9300']],
  ['break', ['--inspect-brk=127.0.0.1:9229']],
  ['0.0.0.0:9229', ['--inspect=127.0.0.1:9229']],
])('PERCH_ENGINE_INSPECT=%s opens the inspector on loopback only', (value, expected) => {
  expect(debugOptions({ PERCH_ENGINE_INSPECT: value }, false).nodeArguments).toEqual(expected);
});

it('opens no inspector in the packaged application', () => {
  expect(debugOptions({ PERCH_ENGINE_INSPECT: '1' }, true).nodeArguments).toEqual([]);
});

it('logs requests on demand', () => {
  expect(debugOptions({}, true).logRequests).toBe(false);
  expect(debugOptions({ PERCH_ENGINE_LOG: 'debug' }, true).logRequests).toBe(true);
});
