import type { ExportedFile } from '../../common/api/evaluation.ts';
import type { Session, Summary } from '../../common/api/sessions.ts';
import { csv, type Field } from '../csv.ts';
import type { ReviewedImage } from './reviewed-images.ts';

/** The columns of an exported session. */
const COLUMNS: Record<string, (image: ReviewedImage) => Field> = {
  class: ({ textureClass }) => textureClass,
  image: ({ name }) => name,
  verdict: ({ imageVerdict }) => imageVerdict?.verdict ?? null,
  firstVerdict: ({ firstVerdict }) => firstVerdict,
  defectType: ({ imageVerdict }) => imageVerdict?.defectType ?? null,
  note: ({ imageVerdict }) => imageVerdict?.note ?? null,
  reviewedAt: ({ imageVerdict }) => imageVerdict?.at ?? null,
  groundTruth: ({ groundTruth }) => groundTruth,
  score: ({ score }) => score,
  threshold: ({ threshold }) => threshold,
  decision: ({ decision }) => decision,
  mmPerPixelAcross: ({ scale }) => scale?.across ?? null,
  mmPerPixelAlong: ({ scale }) => scale?.along ?? null,
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
  const name = sessionFileName(session, `.${format}`);
  const columns = Object.entries(COLUMNS).map(([column, of]) => ({
    column,
    of: (image: ReviewedImage, index: number): Field => {
      if (!isHidden(session, image) || column === 'class') return of(image);
      return column === 'image' ? `Image ${index + 1}` : null;
    },
  }));
  if (format === 'json') {
    const rows = images.map((image, index) =>
      Object.fromEntries(columns.map(({ column, of }) => [column, of(image, index)])),
    );
    const content = `${JSON.stringify({ ...summary, method, images: rows }, null, 2)}\n`;
    return { name, mediaType: 'application/json', content };
  }
  const content = csv(
    ['session', 'operator', 'method', ...Object.keys(COLUMNS)],
    images.map((image, index) => [
      session.name,
      session.operator,
      method,
      ...columns.map(({ of }) => of(image, index)),
    ]),
  );
  return { name, mediaType: 'text/csv;charset=utf-8', content };
}

function isHidden({ blind, endedAt }: Session, { imageVerdict }: ReviewedImage): boolean {
  return blind && endedAt === null && imageVerdict === null;
}

/** A file name derived from a session, without characters that a file system may not accept. */
export function sessionFileName({ id, name }: Session, ending: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N} _.-]+/gu, '-')
    .slice(0, 80)
    .replace(/^[ .-]+|[ .-]+$/g, '');
  return `${plain || `session-${id}`}${ending}`;
}
