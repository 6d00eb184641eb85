import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { eachLine, MAX_LINE_LENGTH } from './output-lines.ts';

async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  eachLine(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await new Promise((resolve) => stream.once('close', resolve));
  return lines;
}

describe('the output of a child process', () => {
  it('arrives line by line for any chunk size, including the last line', async () => {
    const [head, tail] = [Buffer.from('größe'.slice(0, 3)), Buffer.from('größe'.slice(3))];
    const cut = Buffer.concat([head, tail]);
    expect(await linesOf('one\ntw', 'o\r\n\n', cut.subarray(0, 3), cut.subarray(3))).toEqual([
      'one',
      'two',
      '',
      'größe',
    ]);
  });

  it('arrives completely if a line does not end', async () => {
    const long = 'x'.repeat(3 * MAX_LINE_LENGTH + 5);
    for (const chunks of [[long], [`${long}\n`], [...(long.match(/.{1,999}/g) ?? [])]]) {
      const lines = await linesOf(...chunks);
      expect(lines.join('')).toBe(long);
      expect(Math.max(...lines.map(({ length }) => length))).toBe(MAX_LINE_LENGTH);
    }
  });
});
