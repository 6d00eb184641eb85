import type { ExportedFile } from '../../common/api/evaluation.ts';
import type { Summary } from '../../common/api/sessions.ts';
import { csv, type Field } from '../csv.ts';
import type { ReviewedImage } from './reviewed-images.ts';

/** The columns of an exported session. */
const COLUMNS: Record<string, (image: ReviewedImage) => Field> = {
  class: ({ textureClass }) => textureClass,
  image: ({ name }) => name,
  verdict: ({ imageVerdict }) => imageVerdict?.verdict ?? null,
  defectType: ({ imageVerdict }) => imageVerdict?.defectType ?? null,
  note: ({ imageVerdict }) => imageVerdict?.note ?? null,
  reviewedAt: ({ imageVerdict }) => imageVerdict?.at ?? null,
  groundTruth: ({ groundTruth }) => groundTruth,
  score: ({ score }) => score,
  threshold: ({ threshold }) => threshold,
  path: ({ path }) => path,
  sha256: ({ sha256 }) => sha256,
};

/**
 * A session as a file: CSV with one row per image, or JSON with the summary followed by the same rows.
 *
 * @param method label of the reviewed method; null for none
 */
export function exportSession(
  summary: Summary,
  method: string | null,
  images: readonly ReviewedImage[],
  format: 'csv' | 'json',
): ExportedFile {
  const { session } = summary;
  const name = `${plainName(session.name) || `session-${session.id}`}.${format}`;
  const columns = Object.entries(COLUMNS);
  if (format === 'json') {
    const rows = images.map((image) =>
      Object.fromEntries(columns.map(([column, of]) => [column, of(image)])),
    );
    const content = `${JSON.stringify({ ...summary, method, images: rows }, null, 2)}\n`;
    return { name, mediaType: 'application/json', content };
  }
  const content = csv(
    ['session', 'operator', 'method', ...Object.keys(COLUMNS)],
    images.map((image) => [session.name, session.operator, method, ...columns.map(([, of]) => of(image))]),
  );
  return { name, mediaType: 'text/csv;charset=utf-8', content };
}

/** Replaces characters that a file system may not accept. */
function plainName(name: string): string {
  return name
    .replace(/[^\p{L}\p{N} _.-]+/gu, '-')
    .slice(0, 80)
    .replace(/^[ .-]+|[ .-]+$/g, '');
}
