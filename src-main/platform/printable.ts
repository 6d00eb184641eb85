/** Control characters but tab and line feed, and those that set the direction of text. */
const OBEYED = /(?![\t\n])[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text for a terminal, with control characters shown as `\x1b` and the like: names of files may hold sequences that a terminal
 * obeys (move the cursor, set the title, answer to the shell), or that turn text around (bidirectional overrides). Line ends
 * and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(OBEYED, escaped);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
