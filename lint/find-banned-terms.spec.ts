import { describe, expect, it } from 'vitest';
import { findBannedTerms } from './find-banned-terms.ts';

const found = (text: string) => findBannedTerms(text).map((finding) => finding.found.toLowerCase());

describe('the vocabulary check', () => {
  it.each([
    ['const judgedMaps = [];', 'judged'],
    ['class ReckonedEstimate {}', 'reckoned'],
    ['int survey_image(int value);', 'survey'],
    ['const MAX_SURVEY_SECONDS = 3;', 'survey'],
    ['// The operator is told the reason.', 'told'],
    ['<p>The colour map</p>', 'colour'],
    ['function normaliseMask() {}', 'normalise'],
    ['src-main/engine/survey.ts', 'survey'],
  ])('refuses %j', (text, word) => {
    expect(found(text)).toEqual([word]);
  });

  it.each([
    'const untold = 1;',
    'aria-labelledby="title"',
    'import color from "@img/colour";',
    'Besides, it is fast.',
  ])('accepts %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('names the line and the replacement', () => {
    expect(findBannedTerms('first\nthe neighbours')).toEqual([
      { line: 2, found: 'neighbours', use: 'neighbor' },
    ]);
  });
});
