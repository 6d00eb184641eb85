/** Lays rows out in columns: the first is aligned left, the others right. */
export function formatTable(rows: readonly (readonly (string | number)[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, String(cell).length)));
  const align = (cell: string | number, column: number) =>
    column === 0 ? String(cell).padEnd(widths[0]) : String(cell).padStart(widths[column]);
  return rows.map((row) => `${row.map(align).join('  ').trimEnd()}\n`).join('');
}

/** "1 image", "2 images" */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
