import { describe, expect, it } from 'vitest';
import { formatSpec } from '../../common/api/component-spec.ts';
import type { ComponentOption, Method } from '../../common/api/schemas.ts';
import { validateMethod } from '../../methods/validate-method.ts';
import { methodOptions } from './method-options.ts';

const { extractors, statistics, references, default: defaultMethod } = methodOptions();
const defaults = ({ parameters }: ComponentOption) => parameters.map((parameter) => parameter.default);
const refused = (method: Method) => {
  try {
    return validateMethod(method) === undefined;
  } catch {
    return true;
  }
};

describe('the components of a method', () => {
  it('form a valid method in every offered combination', () => {
    for (const extractor of extractors)
      for (const statistic of statistics)
        for (const reference of references.filter(({ name }) => statistic.references.includes(name))) {
          const method = {
            ...defaultMethod,
            extractor: formatSpec(extractor, defaults(extractor)),
            statistic: statistic.name,
            reference: formatSpec(reference, defaults(reference)),
          };
          expect(refused(method), JSON.stringify(method)).toBe(false);
        }
  });

  it.each(
    statistics.flatMap(({ name, references, parameters }) =>
      parameters.map((parameter) => [name, parameter.name, references[0], parameter] as const),
    ),
  )(
    'have the limits of %s, %s',
    (statistic, name, reference, { minimum, maximum, exclusiveMinimum, integer, default: own }) => {
      const at = (value: number) =>
        refused({ ...defaultMethod, statistic, reference, parameters: { [name]: value } });
      expect([own, maximum].map(at)).toEqual([false, false]);
      expect(at(minimum)).toBe(exclusiveMinimum);
      expect([minimum - 1, maximum + 1].map(at)).toEqual([true, true]);
      expect(at((minimum + maximum) / 2 + 0.25)).toBe(integer);
    },
  );

  it.each(
    references.flatMap((reference) =>
      reference.parameters.map((number, at) => [reference, number, at] as const),
    ),
  )('have the limits of the numbers of references', (reference, { minimum, maximum }, at) => {
    const taking = statistics.find(({ references: taken }) => taken.includes(reference.name));
    const withNumber = (value: number) =>
      refused({
        ...defaultMethod,
        statistic: taking?.name ?? '',
        reference: [reference.name, ...defaults(reference).with(at, value)].join(':'),
      });
    expect([minimum - 1, minimum, maximum, maximum + 1].map(withNumber)).toEqual([true, false, false, true]);
  });

  it('include the limits of the seed', () => {
    const random = extractors.find(({ name }) => name === 'random');
    expect(random?.parameters).toEqual([{ name: 'seed', default: 0, minimum: 0, maximum: 2 ** 32 - 1 }]);
  });
});
