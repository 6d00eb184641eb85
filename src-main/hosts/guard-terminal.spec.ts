import { PassThrough } from 'node:stream';
import { SingleBar } from 'cli-progress';
import { expect, it } from 'vitest';
import { guard } from './guard-terminal.ts';

function terminal() {
  const stream = new PassThrough() as PassThrough & { isTTY: boolean; text(): string };
  stream.isTTY = true;
  stream.setEncoding('utf8');
  stream.text = () => (stream.read() as string | null) ?? '';
  guard(stream);
  return stream;
}

it('escapes control sequences in names', () => {
  const stream = terminal();
  stream.write('m\x1b]0;owned\x07.png: no image\n');
  expect(stream.text()).toBe('m\\x1b]0;owned\\x07.png: no image\n');
  // A sequence without text passes only if it controls the cursor. Setting a title does not.
  stream.write('\x1b]0;owned\x07');
  expect(stream.text()).toBe('\\x1b]0;owned\\x07');
});

it('lets progress bars control the cursor, but not the names in them', () => {
  const stream = terminal();
  const bar = new SingleBar({ format: '{value} {name}', hideCursor: true, stream });
  bar.start(2, 0, { name: 'm\x1b[2J.png' });
  bar.stop();
  const text = stream.text();
  expect(text).toContain('\x1b[?25l');
  expect(text).toContain('0 m\\x1b[2J.png');
  expect(text).not.toContain('\x1b[2J');
});
