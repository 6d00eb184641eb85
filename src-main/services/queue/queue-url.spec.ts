import { expect, it } from 'vitest';
import { parseQueueUrl, parseVisibleQueueUrl, withoutPassword } from './queue-url.ts';

it('accepts PostgreSQL URLs with a database only', () => {
  expect(parseQueueUrl('postgres://perch@mill-1/perch').hostname).toBe('mill-1');
  expect(parseQueueUrl('postgresql://mill-1:5433/perch?sslmode=require').port).toBe('5433');
  for (const text of ['mill-1', 'postgres://mill-1', 'postgres://mill-1/', 'http://mill-1/perch', ''])
    expect(() => parseQueueUrl(text), text).toThrow(/not the URL of a PostgreSQL database/);
});

it('refuses a visible password wherever it is, and never repeats it', () => {
  for (const text of ['postgres://perch:hush@mill-1/perch', 'postgres://mill-1/perch?password=hush']) {
    expect(() => parseVisibleQueueUrl(text), text).toThrow(/contains a password/);
    expect(() => parseVisibleQueueUrl(text), text).not.toThrow(/hush/);
    expect(withoutPassword(text)).not.toContain('hush');
  }
  expect(parseVisibleQueueUrl('postgres://perch@mill-1/perch').username).toBe('perch');
});
