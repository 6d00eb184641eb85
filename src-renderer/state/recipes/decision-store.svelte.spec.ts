import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ImageDecision } from '../../../src-main/common/api/recipes.ts';
import { Notices } from '../notices.svelte.ts';
import { aDecision } from '../test/decisions.ts';
import { DecisionStore } from './decision-store.svelte.ts';

let answers: PromiseWithResolvers<{ decisions: ImageDecision[] }>[];
let store: DecisionStore;
let hidden = $state.raw<(image: number) => boolean>();
const notices = new Notices();

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  hidden = undefined;
  const decisions = async () => {
    const answer = Promise.withResolvers<{ decisions: ImageDecision[] }>();
    answers.push(answer);
    return await answer.promise;
  };
  store = new DecisionStore({ recipes: { decisions } } as never, notices, () => hidden);
});
afterEach(() => vi.useRealTimers());

it('keeps the decisions while they are loaded again, and drops those of another dataset', async () => {
  const opened = store.open(1);
  expect(store.loading).toBe(true);
  answers[0].resolve({ decisions: [aDecision({ image: 5, decision: 'reject' })] });
  await opened;
  expect(store.of(5)?.decision).toBe('reject');
  void store.open(1);
  expect(store.of(5)?.decision).toBe('reject');
  void store.open(2);
  expect(store.of(5)).toBeUndefined();
});

it('ignores a response that a later request has overtaken', async () => {
  const first = store.open(1);
  const second = store.open(1);
  answers[1].resolve({ decisions: [aDecision({ image: 5, decision: 'pass' })] });
  await second;
  answers[0].resolve({ decisions: [aDecision({ image: 5, decision: 'reject' })] });
  await first;
  expect(store.of(5)?.decision).toBe('pass');
});

it('loads once for many changes within a second', async () => {
  const opened = store.open(1);
  answers[0].resolve({ decisions: [] });
  await opened;
  for (let change = 0; change < 50; change++) store.reloadSoon();
  await vi.advanceTimersByTimeAsync(5000);
  expect(answers.length).toBe(2);
});

it('hides the decisions that a blind review hides', async () => {
  const opened = store.open(1);
  answers[0].resolve({ decisions: [aDecision({ image: 5 }), aDecision({ image: 6 })] });
  await opened;
  hidden = (image) => image === 5;
  expect([...store.byImage.keys()]).toEqual([6]);
});
