import { Option } from 'commander';
import type { ParameterOption } from '../../../common/api/schemas.ts';
import { statistics } from '../../../methods/registry.ts';
import { comparisons } from '../../../methods/set-statistics/registry.ts';
import { parametersOf } from '../../../methods/statistics/statistic.ts';
import { optionName } from './option-name.ts';
import { finiteNumber, positiveInteger } from './parsers.ts';

/** Options for the parameters of all statistics and comparisons, named and described by their schemas. */
export function parameterOptions(): Option[] {
  return [...parametersByName().entries()].map(([name, choices]) => {
    const [{ parameter }] = choices;
    const value = parameter.integer ? 'N' : 'x';
    const description = `${lowerFirst(parameter.description)} (default ${describeDefaults(choices)})`;
    return new Option(`${optionName(name)} <${value}>`, description).argParser(
      parameter.integer ? positiveInteger : finiteNumber,
    );
  });
}

/** The parameters from the command line. The statistic supplies the defaults of the others. */
export function givenParameters(options: object): Record<string, number> {
  const given = [...parametersByName().keys()].map((name): [string, unknown] => {
    const attribute = new Option(optionName(name)).attributeName();
    return [name, (options as Record<string, unknown>)[attribute]];
  });
  return Object.fromEntries(given.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

/** "for sww, moments: 6; for aota: 100" */
function describeDefaults(choices: readonly Choice[]): string {
  const byDefault = Map.groupBy(choices, ({ parameter }) => parameter.default);
  return [...byDefault]
    .map(([value, group]) => `for ${group.map(({ statistic }) => statistic).join(', ')}: ${value}`)
    .join('; ');
}

/** A parameter of a statistic. */
interface Choice {
  statistic: string;
  parameter: ParameterOption;
}

function parametersByName() {
  const all = [...statistics, ...comparisons].flatMap((statistic) =>
    parametersOf(statistic).map((parameter) => ({ statistic: statistic.name, parameter })),
  );
  return Map.groupBy<string, Choice>(all, ({ parameter }) => parameter.name);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
