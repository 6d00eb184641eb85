/** Digits after the point with which scores over such a span are told apart: three significant ones. */
export function scoreDigits(span: number): number {
  if (!(span > 0) || !Number.isFinite(span)) return 3;
  return Math.min(Math.max(2 - Math.floor(Math.log10(span)), 0), 8);
}

/** A score as text; all scores of one class show the same digits, so that columns line up. */
export function formatScore(score: number, digits: number): string {
  return Number.isFinite(score) ? score.toFixed(digits) : '–';
}

/** A score that stands alone, without others of its class: with three significant digits. */
export function formatLoneScore(score: number | undefined): string {
  if (score === undefined || !Number.isFinite(score)) return '–';
  return formatScore(score, scoreDigits(Math.abs(score)));
}

/** A share as text: "63 %". */
export function formatPercent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** 12345 as 12 345, with a narrow space that does not break. */
export function formatCount(count: number): string {
  return count.toLocaleString('en').replaceAll(',', '\u202f');
}

/** A number of things: "1 image", "2 images". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Seconds as people say them: "8 s", "3 min", "2 h 5 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Bytes as people say them: "640 KB", "1.2 GB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), 4);
  const amount = bytes / 1000 ** power;
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${['KB', 'MB', 'GB', 'TB'][power - 1]}`;
}
