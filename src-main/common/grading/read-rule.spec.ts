import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRule } from './read-rule.ts';
import { ruleJsonSchema } from './rule-json-schema.ts';
import { shippedRules } from './shipped-rules.ts';

const folder = new URL('rules/', import.meta.url);
const fourPoint = JSON.parse(readFileSync(new URL('four-point.json', folder), 'utf8'));
const read = (changes: object) => readRule(JSON.stringify({ ...fourPoint, ...changes }), 'own.json');

describe('readRule', () => {
  it.each(readdirSync(folder))('reads the shipped rule %s', (file) => {
    const rule = readRule(readFileSync(new URL(file, folder), 'utf8'), file);
    expect(file).toBe(`${rule.name}.json`);
    expect(shippedRules).toContainEqual(rule);
  });

  it('fills in what a rule leaves out', () => {
    expect(read({})).toMatchObject({ capWidth: null, areaWidth: 'roll', counts: { edge: null } });
  });

  it.each([
    ['a misspelled key', { cpa: 4 }, 'own.json is not a grading rule: Unrecognized key: "cpa".'],
    ['a length without a unit', { capWidth: '66' }, 'capWidth: Write a length with its unit'],
    [
      'steps that can never hold',
      {
        classes: [
          {
            steps: [
              { upTo: '6 in', points: 2 },
              { upTo: '75 mm', points: 1 },
            ],
            over: 4,
          },
        ],
      },
      'classes.0.steps: each upTo must be larger',
    ],
    [
      'grades that can never hold',
      {
        grades: [
          { grade: 'A', upTo: 40 },
          { grade: 'B', upTo: 20 },
        ],
      },
      'grades: each upTo must be larger',
    ],
    ['an area without its edge', { areaWidth: 'inside-edges' }, 'areaWidth: inside-edges needs counts.edge'],
    ['another system', { system: 'five-point' }, 'system: '],
  ])('refuses %s', (_, changes, message) => {
    expect(() => read(changes)).toThrow(
      expect.objectContaining({ code: 'INVALID_RULE', message: expect.stringContaining(message) }),
    );
  });

  it('refuses shares that can never hold', () => {
    const rule = { name: 'hide', title: 'Hide', system: 'usable-share', otherwise: 'reject' };
    const grades = [
      { grade: 'B', from: 80 },
      { grade: 'A', from: 95 },
    ];
    expect(() => readRule(JSON.stringify({ ...rule, grades }), 'hide.json')).toThrow(
      'hide.json is not a grading rule: grades: each from must be smaller than the one before.',
    );
  });

  it('refuses text that is not JSON', () => {
    expect(() => readRule('{', 'own.json')).toThrow(/^own\.json is not JSON: /);
  });
});

it('docs/grading-rule.schema.json is up to date (node docs/make-rule-schema.ts && npm run format)', () => {
  const file = readFileSync(new URL('../../../docs/grading-rule.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(file)).toEqual(ruleJsonSchema());
});
