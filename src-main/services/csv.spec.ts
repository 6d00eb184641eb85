import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from './csv.ts';

describe('CSV', () => {
  it('quotes fields with commas, quotes or line ends, and ends every record', () => {
    expect(
      csv(
        ['image', 'note'],
        [
          ['a,b', 'say "no"'],
          ['c', 'two\nlines'],
        ],
      ),
    ).toBe('image,note\r\n"a,b","say ""no"""\r\nc,"two\nlines"\r\n');
  });

  it('writes numbers unchanged and null as an empty field', () => {
    expect(csv(['score', 'threshold'], [[-0.5, null]])).toBe('score,threshold\r\n-0.5,\r\n');
  });

  it.each(['=1+1', '+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
    'puts an apostrophe before a formula: %j',
    (text) => {
      expect(csv([text], [])).toMatch(/^"?'/);
    },
  );

  it('is read back unchanged, except for the apostrophe before formulas', () => {
    const field = fc.string({ unit: fc.constantFrom(...'ab,"\r\n\'= ü') });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 2 }), { minLength: 1 });
    fc.assert(
      fc.property(table, (rows) => {
        const expected = rows.map((row) => row.map((text) => (/^[=\r\n]/.test(text) ? `'${text}` : text)));
        expect(read(csv(rows[0], rows.slice(1)))).toEqual(expected);
      }),
    );
  });
});

/** A reader that follows the grammar of RFC 4180, section 2. */
function read(text: string): string[][] {
  const records: string[][] = [];
  let [record, field, quoted]: [string[], string, boolean] = [[], '', false];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quoted && letter === '"' && text[at + 1] === '"') field += text[++at];
    else if (letter === '"') quoted = !quoted;
    else if (quoted) field += letter;
    else if (letter === ',' || (letter === '\r' && text[at + 1] === '\n')) {
      record.push(field);
      field = '';
      if (letter === ',') continue;
      records.push(record);
      record = [];
      at++;
    } else field += letter;
  }
  return records;
}
