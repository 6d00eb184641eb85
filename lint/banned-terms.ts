/** A term that Perch does not use. docs/glossary.md has the terms that it does use. */
export interface BannedTerm {
  /** Matches the text with identifiers split into words: `labeledMap` is read as `labeled Map`. */
  pattern: RegExp;
  /** The recommended term. */
  use: string;
  /** Text in which the pattern is allowed, such as the name of a dependency. */
  except?: RegExp;
}

const term = (words: string, use: string, except?: RegExp): BannedTerm => ({
  pattern: new RegExp(`\\b(?:${words})\\b`, 'i'),
  use,
  ...(except && { except }),
});

/** Private words for things that have a name in the field. */
const privateTerms: BannedTerm[] = [
  term('judg(e|es|ed|ing|ements?)', 'labeled map, verdict or reviewed'),
  term('reckon\\w*', 'cost model, estimate or compute'),
  term('exhibits?', 'report image'),
  term('ladders?|rungs?', 'sorted key index, key'),
  term('survey(s|ed|ing)?', 'ingest'),
  term('harvests?', 'import result'),
  term('patience', 'timeout'),
  term('nouns?', 'resource or procedures', /noun phrase/),
  term('journeys?', 'end-to-end test'),
  term('figures', 'metrics, chart or numbers', /significant figures/i),
  term('perch home', 'data directory', /PERCH_HOME/),
  term('aupr', 'average precision (AP)'),
  term('workstation (state|store)|get workstation', 'the store that contains the state'),
];

/** Phrases that a technical writer would not print. */
const phrases: BannedTerm[] = [
  term('told|tells?|telling', 'report, return, show or say'),
  term('anew', 'again'),
  term('beside', 'next to, with or and'),
  term('(go|goes|going|went|gone) on', 'continue, resume'),
  term('so many', 'the number'),
  term('given? up|gives up|gave up|giving up', 'abandon, cancel or stop'),
  term('all over', 'everywhere, entirely'),
  term('of (no )?use', 'useful'),
  term('stands(?! out)', 'is'),
  term('it is said', 'name who says it'),
  term('by the dozen', 'in batches'),
  term('whoever', 'the caller, the user'),
  term('the like', 'similar, and others'),
  term('in words', 'as text'),
  term('of what', 'name the thing'),
  term('to be had', 'available'),
  term('all the same', 'anyway'),
];

/** Perch uses American English, like the APIs of its field. */
const spellings: BannedTerm[] = [
  term('colour(?!space)\\w*', 'color, colorize', /@img\/.*colour/),
  term('neighbour\\w*', 'neighbor'),
  term('centre[sd]?|centring', 'center'),
  term('grey(?!16|scale)\\w*', 'gray'),
  term('behaviour\\w*|favour\\w*|honour\\w*', 'behavior, favor, honor'),
  term('labell(ed|ing|er)', 'labeled, labeling'),
  term('cancell(ed|ing|er)', 'canceled, canceling'),
  term('modell(ed|ing)|travell(ed|ing)', 'modeled, traveled'),
  term('licence[sd]?', 'license'),
  term('catalogues?', 'catalog, dataset store'),
  term('artefacts?', 'artifact'),
  term('analys(e|ed|es|ing)', 'analyze'),
  term('millimetres?|centimetres?|metres?', 'meter'),
  term(
    '(normal|minim|maxim|optim|initial|quant|summar|recogn|organ|visual|serial|token|standard|equal|author|util|special' +
      '|general|local|categor|synchron|parallel|vector|random|priorit|character|custom|final|memor|stabil|binar|real|discret)' +
      'is(e|ed|es|er|ing|ations?)',
    'the spelling with z',
    // The method of a package.
    /\.initialise\(\)|realises?d? that/,
  ),
];

export const bannedTerms: readonly BannedTerm[] = [...privateTerms, ...phrases, ...spellings];
