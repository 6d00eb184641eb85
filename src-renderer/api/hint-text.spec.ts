import { expect, it } from 'vitest';
import { withHint } from './hint-text.ts';

it('adds the hint of a report to its message, once', () => {
  const report = withHint({
    code: 'MODEL_UNUSABLE',
    message: 'It was replaced.',
    hint: { kind: 'reimport-model', model: 'vgg19' },
  });
  expect(report.message).toBe('It was replaced. Remove the model in Settings > Models and import it again.');
  expect(withHint(report)).toEqual(report);
});

it('leaves a report unchanged if it has no hint for the window', () => {
  const report = {
    code: 'IMAGE_TOO_LARGE',
    message: 'Too large.',
    hint: { kind: 'raise-max-pixels' },
  } as const;
  expect(withHint(report).message).toBe('Too large.');
});
