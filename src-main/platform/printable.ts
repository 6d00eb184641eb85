/** Control characters, except tab and line feed, and bidirectional overrides. */
const OBEYED = /(?![\t\n])[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Escapes control characters for a terminal, for example as `\x1b`. File names may contain sequences that a terminal executes (move the
 * cursor, set the title, send input to the shell) or that reverse text. Line feeds and tabs do not change.
 */
export function printable(text: string): string {
  return text.replace(OBEYED, escaped);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
