import type { GroundTruth } from '../../../src-main/common/api/datasets.ts';
import {
  EMPTY_FILTER,
  type DecisionFilter,
  type Filter,
  type VerdictFilter,
} from '../images/image-filter.ts';
import { formatIds, parseIds } from './id-ranges.ts';
import { DEFAULT_ORDER, orderings, type Order } from '../images/image-order.ts';

/** A view of the window, as stored in its address. */
export interface Route {
  screen: string;
  dataset?: number | undefined;
  textureClass?: string | undefined;
  method?: number | undefined;
  image?: number | undefined;
  session?: number | undefined;
  station?: number | undefined;
  filter: Filter;
  order: Order;
}

const VERDICTS: readonly VerdictFilter[] = ['accept', 'reject', 'unsure', 'none'];
const DECISIONS: readonly DecisionFilter[] = ['pass', 'review', 'reject', 'none'];
const GROUND_TRUTHS: readonly GroundTruth[] = ['unknown', 'normal', 'masked'];

/** Formats a route as a URL fragment: `#/inspect?dataset=1&class=leather&image=12`. */
export function formatRoute({ screen, filter, order, ...route }: Route): string {
  const query = new URLSearchParams();
  const put = (name: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') query.set(name, String(value));
  };
  put('dataset', route.dataset);
  put('class', route.textureClass);
  put('method', route.method);
  put('image', route.image);
  put('session', route.session);
  put('station', route.station);
  put('text', filter.text);
  for (const kind of filter.kinds) query.append('kind', kind);
  for (const verdict of filter.verdicts) query.append('verdict', verdict);
  for (const decision of filter.decisions) query.append('decision', decision);
  for (const truth of filter.groundTruths) query.append('truth', truth);
  if (filter.annotated !== undefined) put('annotated', filter.annotated ? 'yes' : 'no');
  put('low', filter.low);
  put('high', filter.high);
  put('disagreement', filter.disagreement);
  if (filter.train) put('train', 'yes');
  if (filter.only) {
    put('only', formatIds(filter.only.images));
    put('only-title', filter.only.title);
  }
  if (order.by !== DEFAULT_ORDER.by || order.descending)
    put('sort', `${order.by}${order.descending ? '-down' : ''}`);
  const text = query.toString();
  return `#/${screen}${text && `?${text}`}`;
}

/** Parses a URL fragment. Missing and invalid parts are undefined or default. */
export function parseRoute(hash: string): Route {
  const [, screen = '', text = ''] = /^#\/([\w-]*)(?:\?(.*))?$/.exec(hash) ?? [];
  const query = new URLSearchParams(text);
  const number = (name: string) => {
    const value = query.get(name);
    return value !== null && value !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
  };
  const filter: Filter = {
    ...EMPTY_FILTER,
    text: query.get('text') ?? '',
    kinds: query.getAll('kind'),
    verdicts: VERDICTS.filter((verdict) => query.getAll('verdict').includes(verdict)),
    decisions: DECISIONS.filter((decision) => query.getAll('decision').includes(decision)),
    groundTruths: GROUND_TRUTHS.filter((truth) => query.getAll('truth').includes(truth)),
    train: query.get('train') === 'yes',
  };
  if (query.has('annotated')) filter.annotated = query.get('annotated') === 'yes';
  for (const name of ['low', 'high', 'disagreement'] as const) {
    const limit = number(name);
    if (limit !== undefined) filter[name] = limit;
  }
  const only = query.get('only');
  if (only !== null)
    filter.only = { title: query.get('only-title') ?? 'Selected images', images: parseIds(only) };
  const [by, descending] = (query.get('sort') ?? '').split('-');
  const ordering = orderings.find((known) => known === by);
  return {
    screen,
    dataset: number('dataset'),
    textureClass: query.get('class') ?? undefined,
    method: number('method'),
    image: number('image'),
    session: number('session'),
    station: number('station'),
    filter,
    order: ordering ? { by: ordering, descending: descending === 'down' } : DEFAULT_ORDER,
  };
}

/** Whether a route change is an entry in the browser's history. */
export function isHistoryEntry(from: Route, to: Route): boolean {
  return (['screen', 'dataset', 'textureClass', 'method', 'session'] as const).some(
    (part) => from[part] !== to[part],
  );
}
