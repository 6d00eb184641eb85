import { expect, it } from 'vitest';
import { firstOperations } from './first-operations.ts';

const node = (operator: string, inputs: string[], output: string) => ({
  operator,
  inputs,
  outputs: [output],
});

it('are those behind operators that only move pixels', () => {
  const nodes = [
    node('Cast', ['image'], 'cast'),
    node('Shape', ['cast'], 'shape'),
    node('Mul', ['shape', 'two'], 'size'),
    node('Resize', ['cast', 'size'], 'resized'),
    node('Sub', ['resized', 'mean'], 'shifted'),
    node('Conv', ['shifted', 'kernel'], 'features'),
  ];
  expect(firstOperations(nodes, 'image')).toEqual(['Sub']);
  expect(firstOperations(nodes.slice(-1), 'shifted')).toEqual(['Conv']);
});
