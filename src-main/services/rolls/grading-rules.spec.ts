import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import fourPoint from '../../common/grading/rules/four-point.json' with { type: 'json' };
import { shippedRules } from '../../common/grading/shipped-rules.ts';
import { temporaryStore } from '../../test/store.ts';
import type { Store } from '../../store/store.ts';
import { GradingRules } from './grading-rules.ts';

let store: Store;
let rules: GradingRules;
beforeEach(() => {
  const temporary = temporaryStore();
  onTestFinished(() => temporary.dispose());
  ({ store } = temporary);
  rules = new GradingRules(store);
});

const ours = (part: object = {}) => JSON.stringify({ ...fourPoint, name: 'ours', title: 'Ours', ...part });
const failure = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;

describe('a rule of a file', () => {
  it('is listed after those that Perch comes with, and grades by its name', () => {
    const added = rules.add('/mill/rules/ours.json', ours());
    expect(added).toMatchObject({ name: 'ours', title: 'Ours', added: { file: 'ours.json' } });
    expect(rules.list().map(({ name }) => name)).toEqual([...shippedRules.map(({ name }) => name), 'ours']);
    expect(new GradingRules(store).find('ours')).toMatchObject({
      rule: { name: 'ours', system: 'points' },
      used: { name: 'ours', source: 'added', added: { file: 'ours.json' } },
    });
  });

  it('replaces an added one of the same name', () => {
    rules.add('ours.json', ours());
    rules.add('better.json', ours({ title: 'Better' }));
    expect(rules.list().filter(({ added }) => added)).toMatchObject([
      { title: 'Better', added: { file: 'better.json' } },
    ]);
  });

  it('is refused with all its problems, or with the name of one that Perch comes with', () => {
    expect(() => rules.add('ours.json', ours({ cap: -1, unit: 'furlong' }))).toThrow(
      failure('INVALID_RULE', 'ours.json is not a grading rule: unit'),
    );
    expect(() => rules.add('ours.json', '{')).toThrow(failure('INVALID_RULE', 'ours.json is not JSON'));
    expect(() => rules.add('ours.json', ours({ name: 'four-point' }))).toThrow(
      failure('CONFLICT', 'Change the "name"'),
    );
    expect(rules.list()).toHaveLength(shippedRules.length);
  });

  it('is removed, and then unknown', () => {
    rules.add('ours.json', ours());
    rules.remove('ours');
    expect(() => rules.find('ours')).toThrow(failure('UNKNOWN_NAME', 'The rules are four-point, '));
    expect(() => rules.remove('ours')).toThrow(failure('UNKNOWN_NAME', 'no grading rule "ours"'));
    expect(() => rules.remove('ten-point')).toThrow(failure('UNKNOWN_NAME', 'comes with Perch'));
  });

  it('of a later version is left out', () => {
    rules.add('ours.json', ours());
    const [known] = store.settings.all().gradingRules as object[];
    store.settings.set({
      gradingRules: [known, { rule: { name: 'later', system: 'unknown' }, file: 'l', at: '' }],
    });
    expect(
      rules
        .list()
        .filter(({ added }) => added)
        .map(({ name }) => name),
    ).toEqual(['ours']);
  });
});

it('a given rule names itself as its source', () => {
  const [first] = shippedRules;
  expect(rules.find(first).used).toMatchObject({ name: first.name, source: 'given', added: null });
  expect(rules.find(first.name).used).toMatchObject({ source: 'shipped' });
});
