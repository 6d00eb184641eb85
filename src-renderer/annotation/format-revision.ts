import type { Revision } from '../../src-main/common/api/annotation.ts';
import { formatCount } from '../format/numbers.ts';

const SOURCES: Record<Revision['source'], string> = {
  drawn: 'drawn',
  imported: 'imported',
  restored: 'restored',
  adjudicated: 'adjudicated',
};

/** A revision's number and author: `revision 3 by A. Weber`, `revision 1, imported`. */
export function formatRevision({ revision, author, source }: Revision): string {
  if (author === '') return `revision ${revision}, ${SOURCES[source]}`;
  return `revision ${revision} by ${author}${source === 'adjudicated' ? ', adjudicated' : ''}`;
}

export function formatGroundTruth({ groundTruth, pixels }: Revision): string {
  if (groundTruth === 'masked') return `${formatCount(pixels)} px`;
  return groundTruth === 'normal' ? 'normal' : 'unknown';
}

/** The time of a revision, with the date unless it is today. */
export function formatRevisionTime(at: string, now = new Date()): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === now.toDateString()) return time;
  return `${date.toLocaleDateString('en-CA')} ${time}`;
}
