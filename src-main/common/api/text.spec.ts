import { describe, expect, it } from 'vitest';
import { annotation } from './annotation.ts';
import { sessions } from './sessions.ts';
import { line, personName, text, absolutePath } from './text.ts';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('text that a user enters', () => {
  it('may contain any letters, and is trimmed', () => {
    expect(personName.parse('  Ada Lovelace-Byron 布 👩‍💻 ')).toBe('Ada Lovelace-Byron 布 👩‍💻');
    expect(line(10).parse('')).toBe('');
    expect(text(20).parse('one\ntwo\t')).toBe('one\ntwo\t');
  });

  it.each(['A\0da', 'Ada\x1b[31m', 'Ada\nByron', 'Ada\x7f', 'Ada\u0085x'])('may not be %j', (name) => {
    expect(accepts(personName, name)).toBe(false);
  });

  it.each(['a\0', '\x1b]0;x\x07'])('with several lines may not be %j', (note) => {
    expect(accepts(text(100), note)).toBe(false);
  });
});

describe('a folder to write to', () => {
  it.each(['/home/ada/masks', 'C:\\masks', 'C:/masks', '\\\\server\\share'])('is %j', (path) =>
    expect(accepts(absolutePath, path)).toBe(true),
  );
  it.each(['masks', './masks', '../masks', '~/masks', 'C:masks', '', '/a\0b'])('is not %j', (path) =>
    expect(accepts(absolutePath, path)).toBe(false),
  );
});

describe('the contract', () => {
  const inputOf = (procedure: unknown) =>
    (procedure as { '~orpc': { inputSchema: { safeParse(value: unknown): { success: boolean } } } })['~orpc']
      .inputSchema;

  it('rejects names with control characters, and relative folders', () => {
    const mark = { image: 1, groundTruth: 'normal' };
    expect(accepts(inputOf(annotation.mark), { ...mark, author: 'Ada' })).toBe(true);
    expect(accepts(inputOf(annotation.mark), { ...mark, author: 'A\0' })).toBe(false);
    expect(accepts(inputOf(annotation.import), { dataset: 1, folder: '/m', author: 'A\x1b' })).toBe(false);
    expect(accepts(inputOf(annotation.export), { dataset: 1, folder: '/m' })).toBe(true);
    expect(accepts(inputOf(annotation.export), { dataset: 1, folder: 'm' })).toBe(false);
    const session = { dataset: 1, method: null, images: [1] };
    expect(accepts(inputOf(sessions.create), { ...session, operator: 'Ada' })).toBe(true);
    expect(accepts(inputOf(sessions.create), { ...session, operator: 'A\0' })).toBe(false);
  });
});
