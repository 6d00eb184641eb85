import type { Readable } from 'node:stream';

/** Longer lines are split, so that a child process that prints no line ends does not fill the memory. */
export const MAX_LINE_LENGTH = 8192;

/** Calls `receive` with each line of a UTF-8 stream, including an unterminated last line. */
export function eachLine(stream: Readable, receive: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) for (const piece of pieces(line)) receive(piece);
    while (rest.length > MAX_LINE_LENGTH) {
      receive(rest.slice(0, MAX_LINE_LENGTH));
      rest = rest.slice(MAX_LINE_LENGTH);
    }
  });
  // A stream that is cut off emits 'close' without 'end'.
  stream.on('close', () => {
    if (rest !== '') receive(rest);
    rest = '';
  });
}

function* pieces(line: string): Generator<string> {
  if (line === '') yield '';
  for (let at = 0; at < line.length; at += MAX_LINE_LENGTH) yield line.slice(at, at + MAX_LINE_LENGTH);
}
