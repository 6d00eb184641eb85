/** Decimal places that show three significant digits of a range of scores. */
export function scoreDigits(span: number): number {
  if (!(span > 0) || !Number.isFinite(span)) return 3;
  return Math.min(Math.max(2 - Math.floor(Math.log10(span)), 0), 8);
}

/** Formats a score. All scores of a class have the same number of digits, so that columns align. */
export function formatScore(score: number, digits: number): string {
  return Number.isFinite(score) ? score.toFixed(digits) : '–';
}

/** Formats a single score with three significant digits. */
export function formatLoneScore(score: number | undefined): string {
  if (score === undefined || !Number.isFinite(score)) return '–';
  return formatScore(score, scoreDigits(Math.abs(score)));
}

/** Formats a fraction: "63 %". */
export function formatPercent(fraction: number): string {
  return `${Math.round(100 * fraction)} %`;
}

/** Formats a count with narrow no-break spaces: "12 345". */
export function formatCount(count: number): string {
  return count.toLocaleString('en').replaceAll(',', '\u202f');
}

/** A count with its unit: "1 image", "2 images". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Formats seconds: "8 s", "3 min", "2 h 5 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Formats bytes: "640 KB", "1.2 GB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), 4);
  const amount = bytes / 1000 ** power;
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${['KB', 'MB', 'GB', 'TB'][power - 1]}`;
}
