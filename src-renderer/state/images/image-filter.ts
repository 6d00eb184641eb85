import type { DatasetImage, GroundTruth } from '../../../src-main/common/api/datasets.ts';
import type { Decision } from '../../../src-main/common/api/recipes.ts';
import type { Verdict } from '../../../src-main/common/api/sessions.ts';

export type VerdictFilter = Verdict | 'none';
export type DecisionFilter = Decision | 'none';

/** A list of images that a table or chart has opened. */
export interface ImageList {
  title: string;
  images: readonly number[];
}

/** A filter of images. Empty lists and absent limits match all images. */
export interface Filter {
  /** A part of `class/name`, ignoring case. */
  text: string;
  kinds: readonly string[];
  verdicts: readonly VerdictFilter[];
  decisions: readonly DecisionFilter[];
  groundTruths: readonly GroundTruth[];
  /** Whether a user has drawn or changed the ground truth. */
  annotated?: boolean;
  /** Limits for the selected method's score. Images without a score do not match. */
  low?: number;
  high?: number;
  /** Minimum disagreement of methods, 0 to 1. */
  disagreement?: number;
  /** Whether training images match. */
  train: boolean;
  /** Only these images match. */
  only?: ImageList;
}

export const EMPTY_FILTER: Filter = {
  text: '',
  kinds: [],
  verdicts: [],
  decisions: [],
  groundTruths: [],
  train: false,
};

/** An image's properties that come from other stores. */
export interface ImageFacts {
  score: (image: DatasetImage) => number | undefined;
  verdict: (image: DatasetImage) => Verdict | undefined;
  disagreement: (image: DatasetImage) => number | undefined;
  decision: (image: DatasetImage) => Decision | undefined;
  /** Distance of the score to the nearest threshold of the recipe, as a fraction of that threshold. */
  distance: (image: DatasetImage) => number | undefined;
}

/** Whether an image matches. Reads only the properties that the filter uses. */
export function matches(filter: Filter, image: DatasetImage, facts: ImageFacts): boolean {
  if (!filter.train && image.split === 'train') return false;
  if (filter.kinds.length > 0 && !filter.kinds.includes(image.defectType)) return false;
  if (filter.groundTruths.length > 0 && !filter.groundTruths.includes(image.groundTruth)) return false;
  if (filter.annotated !== undefined && image.annotated !== filter.annotated) return false;
  if (filter.verdicts.length > 0 && !filter.verdicts.includes(facts.verdict(image) ?? 'none')) return false;
  if (filter.decisions.length > 0 && !filter.decisions.includes(facts.decision(image) ?? 'none'))
    return false;
  if (filter.only && !idsOf(filter.only).has(image.id)) return false;
  if (filter.low !== undefined && !((facts.score(image) ?? NaN) >= filter.low)) return false;
  if (filter.high !== undefined && !((facts.score(image) ?? NaN) <= filter.high)) return false;
  if (filter.disagreement !== undefined && !((facts.disagreement(image) ?? 0) >= filter.disagreement))
    return false;
  return filter.text === '' || hasText(image, filter.text.toLowerCase());
}

const idSets = new WeakMap<ImageList, ReadonlySet<number>>();

function idsOf(list: ImageList): ReadonlySet<number> {
  const ids = idSets.get(list) ?? new Set(list.images);
  idSets.set(list, ids);
  return ids;
}

function hasText({ textureClass, name }: DatasetImage, text: string): boolean {
  return `${textureClass}/${name}`.toLowerCase().includes(text);
}

export function isFiltering(filter: Filter): boolean {
  return describeFilter(filter) !== '';
}

/** A description of the filter; empty if it matches all images. */
export function describeFilter(filter: Filter): string {
  const parts = [
    filter.only?.title,
    filter.text && `name has "${filter.text}"`,
    filter.kinds.length > 0 && `kind ${filter.kinds.map((kind) => kind || 'none').join(' or ')}`,
    filter.verdicts.length > 0 && `verdict ${filter.verdicts.join(' or ')}`,
    filter.decisions.length > 0 && `decision ${filter.decisions.join(' or ')}`,
    filter.groundTruths.length > 0 && `ground truth ${filter.groundTruths.join(' or ')}`,
    filter.annotated !== undefined && (filter.annotated ? 'annotated' : 'not annotated'),
    filter.low !== undefined && `score from ${filter.low}`,
    filter.high !== undefined && `score to ${filter.high}`,
    filter.disagreement !== undefined && `disagreement from ${filter.disagreement}`,
    filter.train && 'training images too',
  ];
  return parts.filter(Boolean).join(', ');
}
