import type { GradingRule, PointsRule } from '../api/grading.ts';
import { millimeters } from './lengths.ts';

/** What is wrong with a rule that has the right form: steps and grades that can never hold. */
export function ruleProblems(rule: GradingRule): string[] {
  return rule.system === 'points'
    ? [...classProblems(rule), ...pointsProblems(rule)]
    : descending(
        rule.grades.map(({ from }) => from),
        'grades',
        'from',
      );
}

function classProblems({ classes }: PointsRule): string[] {
  return classes.flatMap(({ steps }, index) => {
    const lengths = steps.map(({ upTo }) => upTo).filter((upTo) => !upTo.endsWith('%'));
    return ascending(
      lengths.map((upTo) => millimeters(upTo)),
      `classes.${index}.steps`,
      'upTo',
    );
  });
}

function pointsProblems(rule: PointsRule): string[] {
  const problems = ascending(
    rule.grades.map(({ upTo }) => upTo),
    'grades',
    'upTo',
  );
  if (rule.areaWidth === 'inside-edges' && rule.counts.edge === null) {
    problems.push('areaWidth: inside-edges needs counts.edge');
  }
  return problems;
}

function ascending(values: readonly number[], path: string, key: string): string[] {
  const isSorted = values.every((value, index) => index === 0 || value > values[index - 1]);
  return isSorted ? [] : [`${path}: each ${key} must be larger than the one before`];
}

function descending(values: readonly number[], path: string, key: string): string[] {
  const isSorted = values.every((value, index) => index === 0 || value < values[index - 1]);
  return isSorted ? [] : [`${path}: each ${key} must be smaller than the one before`];
}
