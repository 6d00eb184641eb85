import { describe, expect, it } from 'vitest';
import { gradeRoll } from './grade-roll.ts';
import { shippedRules } from './shipped-rules.ts';
import { workedExamples } from './worked-examples.reference.ts';

const examples = workedExamples();

describe.each(shippedRules)('the worked examples of $name', (rule) => {
  const own = examples.filter((example) => example.rule === rule.name);

  it('exist', () => {
    expect(own.length).toBeGreaterThan(0);
  });

  it.each(own)('$name', ({ roll, defects, points, value, grade }) => {
    const result = gradeRoll(rule, roll, defects);
    expect({ points: result.totalPoints, value: result.figure.value, grade: result.grade }).toEqual({
      points,
      value: expect.closeTo(value, 2),
      grade,
    });
  });
});

describe('docs/grading.md', () => {
  it.each(['four-point', 'ten-point', 'leather'])('has at least 12 worked examples of %s', (system) => {
    expect(examples.filter(({ rule }) => rule.startsWith(system)).length).toBeGreaterThanOrEqual(12);
  });

  it('has examples of shipped rules only', () => {
    const names = shippedRules.map(({ name }) => name);
    expect(examples.filter(({ rule }) => !names.includes(rule))).toEqual([]);
  });
});
