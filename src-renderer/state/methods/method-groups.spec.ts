import { expect, it } from 'vitest';
import { groupedByExperiment } from './method-groups.ts';

it('groups methods by experiment, and keeps the others single', () => {
  const names = ['default', 'table1/laws/fca', 'ours', 'table1/gabor/sww', 'table2/a'];
  const { single, groups } = groupedByExperiment(names, (name) => name);
  expect(single).toEqual(['default', 'ours']);
  expect(groups).toEqual([
    { name: 'table1', members: ['table1/laws/fca', 'table1/gabor/sww'] },
    { name: 'table2', members: ['table2/a'] },
  ]);
  expect(groupedByExperiment(['default'], (name) => name).groups).toEqual([]);
});
