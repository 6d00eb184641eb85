import { printable } from '../platform/printable.ts';

type Write = (chunk: string | Uint8Array, ...rest: unknown[]) => boolean;

/** Cursor moves and the like, as progress bars write them: by themselves, with no text of anybody's. */
// eslint-disable-next-line no-control-regex
const STEERING = /^(?:\x1b(?:[78]|\[[?\d;]*[A-Za-z]))+$/;

/**
 * Has everything that this process writes shown, and never obeyed, by a terminal: names of files, of datasets and of people may
 * hold control sequences. What goes into a file or a pipe from stdout stays as it is, for programs.
 */
export function guardTerminal(): void {
  guard(process.stderr);
  if (process.stdout.isTTY) guard(process.stdout);
}

/** The same for one stream. */
export function guard(stream: { write: unknown }): void {
  const write = (stream.write as Write).bind(stream);
  stream.write = ((chunk, ...rest) =>
    write(typeof chunk === 'string' && !STEERING.test(chunk) ? printable(chunk) : chunk, ...rest)) as Write;
}
