import { printable } from '../platform/printable.ts';

type Write = (chunk: string | Uint8Array, ...rest: unknown[]) => boolean;

/** Cursor control sequences without text, as progress bars write them. */
// eslint-disable-next-line no-control-regex
const CURSOR_CONTROL = /^(?:\x1b(?:[78]|\[[?\d;]*[A-Za-z]))+$/;

/**
 * Escapes control sequences in everything that this process writes to a terminal, because names of files, datasets and people
 * may contain them. Standard output to a file or a pipe is unchanged, because programs read it.
 */
export function guardTerminal(): void {
  guard(process.stderr);
  if (process.stdout.isTTY) guard(process.stdout);
}

/** Escapes control sequences in the output of a stream. */
export function guard(stream: { write: unknown }): void {
  const write = (stream.write as Write).bind(stream);
  stream.write = ((chunk, ...rest) =>
    write(
      typeof chunk === 'string' && !CURSOR_CONTROL.test(chunk) ? printable(chunk) : chunk,
      ...rest,
    )) as Write;
}
