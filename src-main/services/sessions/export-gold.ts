import type { ExportedFile } from '../../common/api/evaluation.ts';
import type { GoldVerdict, Session } from '../../common/api/sessions.ts';
import type { StoredImage } from '../../store/images.ts';
import { csv, type Field } from '../csv.ts';
import { sessionFileName } from './export-session.ts';

/** The columns of exported gold verdicts. */
const COLUMNS: Record<string, (gold: GoldVerdict, image: StoredImage) => Field> = {
  class: (_, { textureClass }) => textureClass,
  image: (_, { name }) => name,
  gold: ({ gold }) => gold,
  source: ({ source }) => source,
  defectType: ({ defectType }) => defectType,
  note: ({ note }) => note,
  first: ({ first }) => first,
  second: ({ second }) => second,
  groundTruth: ({ groundTruth }) => groundTruth,
  path: (_, { path }) => path,
  sha256: (_, { file }) => file.sha256,
};

/** An adjudication's gold verdicts as a file: one row per image, with the verdicts that led to it. */
export function exportGold(
  session: Session,
  gold: readonly GoldVerdict[],
  imageOf: (id: number) => StoredImage,
  format: 'csv' | 'json',
): ExportedFile {
  const name = sessionFileName(session, `-gold.${format}`);
  const columns = Object.entries(COLUMNS);
  if (format === 'json') {
    const images = gold.map((each) =>
      Object.fromEntries(columns.map(([column, of]) => [column, of(each, imageOf(each.image))])),
    );
    const content = `${JSON.stringify({ session, images }, null, 2)}\n`;
    return { name, mediaType: 'application/json', content };
  }
  const { first, second } = session.adjudicates ?? {};
  const signed = [session.operator, first?.operator ?? null, second?.operator ?? null];
  const content = csv(
    ['adjudicator', 'firstOperator', 'secondOperator', ...Object.keys(COLUMNS)],
    gold.map((each) => [...signed, ...columns.map(([, of]) => of(each, imageOf(each.image)))]),
  );
  return { name, mediaType: 'text/csv;charset=utf-8', content };
}
