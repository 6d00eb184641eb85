import type { Readable } from 'node:stream';

/** A longer line comes in pieces of this many characters, so that a child without line ends takes no memory. */
export const LONGEST_LINE = 8192;

/** Calls back with each line of a text stream (UTF-8), the last one too; nothing is lost. */
export function eachLine(stream: Readable, receive: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) for (const piece of pieces(line)) receive(piece);
    while (rest.length > LONGEST_LINE) {
      receive(rest.slice(0, LONGEST_LINE));
      rest = rest.slice(LONGEST_LINE);
    }
  });
  // A stream that is cut off ends here without 'end'.
  stream.on('close', () => {
    if (rest !== '') receive(rest);
    rest = '';
  });
}

function* pieces(line: string): Generator<string> {
  if (line === '') yield '';
  for (let at = 0; at < line.length; at += LONGEST_LINE) yield line.slice(at, at + LONGEST_LINE);
}
