import { expect, it } from 'vitest';
import { errorHint } from '../../../common/api/error-hints.ts';
import { createProgram } from '../program.ts';
import { hintText, withHint } from './hint-text.ts';

const hints = errorHint.options.map((option) => {
  const { kind } = option.shape;
  return errorHint.parse({ kind: kind.value, model: 'vgg19', file: 'vgg19.pth', field: 'patchSize' });
});

it.each(hints)('names options and commands that exist: $kind', async (hint) => {
  const program = await createProgram();
  const text = hintText(hint);
  const [, command, subcommand] = /perch ([a-z]+) ([a-z]+)/.exec(text) ?? [];
  if (command !== undefined) {
    const found = program.commands.find((each) => each.name() === command);
    expect(found, text).toBeDefined();
    expect(found?.commands.map((each) => each.name())).toContain(subcommand);
  }
  const options = program.commands
    .flatMap((each) => [each, ...each.commands])
    .flatMap((each) => each.options);
  for (const [option] of text.matchAll(/--[a-z-]+/g))
    expect(
      options.map(({ long }) => long),
      text,
    ).toContain(option);
});

it('follows the message of an error', () => {
  expect(withHint({ message: 'It is too large.', hint: { kind: 'raise-max-pixels' } })).toBe(
    'It is too large. Set the limit with --max-pixels.',
  );
  expect(withHint({ message: 'It is too large.' })).toBe('It is too large.');
});
