import { expect, it } from 'vitest';
import type { Problem } from '../../common/api/datasets.ts';
import { mergeNotes } from './merge-notes.ts';

const note = (path: string, text: string): Problem => ({ kind: 'note', path, message: `${path}: ${text}` });

it('merges equal notes on several files', () => {
  const other: Problem = { kind: 'unreadable', path: '/d.png', message: '/d.png: It is turned.' };
  const problems = [
    note('/a.jpg', 'It is turned.'),
    other,
    note('/b.jpg', 'It is turned.'),
    note('/c.jpg', 'It has pages.'),
  ];
  expect(mergeNotes(problems)).toEqual([
    { ...note('/a.jpg', 'It is turned.'), message: '/a.jpg and 1 other: It is turned.' },
    other,
    note('/c.jpg', 'It has pages.'),
  ]);
});
