import { bannedTerms } from './banned-terms.ts';

/** A banned term in a text. */
export interface Diagnostic {
  line: number;
  found: string;
  use: string;
}

/** The banned terms in a text. Identifiers are split into words first. */
export function findBannedTerms(text: string): Diagnostic[] {
  return text.split('\n').flatMap((line, index) => {
    const words = splitIdentifiers(line);
    return bannedTerms.flatMap(({ pattern, use, except }) => {
      const match = pattern.exec(words);
      if (!match || except?.test(line)) return [];
      return [{ line: index + 1, found: match[0], use }];
    });
  });
}

/** `labeledMap`, `labeled_map` and `LABELED_MAP` become `labeled Map`, `labeled map` and `LABELED MAP`. */
function splitIdentifiers(line: string): string {
  return line
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll('_', ' ');
}
