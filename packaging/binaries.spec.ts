import { describe, expect, it } from 'vitest';
import { readHeader } from './binaries.ts';

/** A header of 256 bytes with numbers at the given offsets. */
function header(text: string, numbers: [offset: number, bytes: number, value: number][]): Buffer {
  const head = Buffer.alloc(256);
  head.write(text, 'latin1');
  for (const [offset, bytes, value] of numbers) head.writeUIntLE(value, offset, bytes);
  return head;
}

describe('the machine of a binary', () => {
  it.each([
    ['ELF', header('\x7fELF', [[18, 2, 62]]), 'linux', 'x64'],
    ['ELF', header('\x7fELF', [[18, 2, 183]]), 'linux', 'arm64'],
    ['Mach-O', header('\xcf\xfa\xed\xfe', [[4, 4, 0x0100000c]]), 'darwin', 'arm64'],
    [
      'PE',
      header('MZ', [
        [0x3c, 4, 128],
        [128, 4, 0x4550],
        [132, 2, 0x8664],
      ]),
      'win32',
      'x64',
    ],
  ])('is in the header of %s', (_, head, platform, arch) => {
    expect(readHeader(head)).toEqual([{ platform, arch }]);
  });

  it('can be several machines in a universal binary', () => {
    const head = Buffer.alloc(256);
    for (const [at, value] of [0xcafebabe, 2, 0x01000007].entries()) head.writeUInt32BE(value, 4 * at);
    head.writeUInt32BE(0x0100000c, 28);
    expect(readHeader(head).map(({ arch }) => arch)).toEqual(['x64', 'arm64']);
  });

  it('is named unknown for an unknown CPU', () => {
    expect(readHeader(header('\x7fELF', [[18, 2, 0xf3]]))[0].arch).toMatch(/unknown CPU \(0xf3\)/);
  });

  it.each([
    ['a script', Buffer.from('#!/bin/sh\n'.repeat(10))],
    ['a DOS program', header('MZ', [[0x3c, 4, 0]])],
    ['an empty file', Buffer.alloc(0)],
  ])('is missing for %s', (_, head) => expect(readHeader(head)).toEqual([]));
});
