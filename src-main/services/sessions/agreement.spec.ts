import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageVerdict, type Verdict, verdict } from '../../common/api/sessions.ts';
import { agreementOf } from './agreement.ts';

const of = (image: number, said: Verdict): ImageVerdict => ({
  image,
  verdict: said,
  defectType: '',
  note: '',
  at: '2026-01-01T00:00:00.000Z',
});

const verdicts = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 20 }), fc.constantFrom(...verdict.options)), {
    selector: ([image]) => image,
  })
  .map((all) => all.map(([image, said]) => of(image, said)));

describe('the agreement of two sessions', () => {
  it('counts the images that both reviewed and lists the different verdicts', () => {
    const first = [of(1, 'accept'), of(2, 'reject'), of(3, 'reject'), of(4, 'unsure')];
    const second = [of(3, 'accept'), of(2, 'reject'), of(1, 'accept'), of(9, 'reject')];
    const agreement = agreementOf(first, second);
    expect(agreement).toMatchObject({ both: 3, observed: 2 / 3, kappa: { value: 0.4 } });
    expect(agreement.table.reject).toEqual({ accept: 1, reject: 1, unsure: 0 });
    expect(agreement.disagreements).toEqual([{ image: 3, first: of(3, 'reject'), second: of(3, 'accept') }]);
  });

  it('has no values if no image was reviewed by both', () => {
    expect(agreementOf([of(1, 'accept')], [of(2, 'accept')])).toMatchObject({
      both: 0,
      observed: null,
      kappa: null,
      disagreements: [],
    });
  });

  it('is symmetric, with a transposed table', () => {
    fc.assert(
      fc.property(verdicts, verdicts, (first, second) => {
        const [there, back] = [agreementOf(first, second), agreementOf(second, first)];
        expect(back.kappa?.value).toBe(there.kappa?.value);
        expect(back.observed).toBe(there.observed);
        for (const a of verdict.options)
          for (const b of verdict.options) expect(back.table[a][b]).toBe(there.table[b][a]);
        expect(back.disagreements.map(({ image }) => image).sort()).toEqual(
          there.disagreements.map(({ image }) => image).sort(),
        );
      }),
    );
  });
});
