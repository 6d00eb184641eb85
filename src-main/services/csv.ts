export type Field = string | number | null;

/**
 * A table as CSV (RFC 4180): fields separated by commas, CRLF after every record, quotes where necessary.
 * Text that a spreadsheet would interpret as a formula gets an apostrophe before it. Numbers are written
 * unchanged, and null as an empty field.
 */
export function csv(header: readonly string[], rows: readonly (readonly Field[])[]): string {
  return [header, ...rows].map((row) => `${row.map(fieldOf).join(',')}\r\n`).join('');
}

function fieldOf(value: Field): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
