import type { GroundTruth } from '../../../src-main/common/api/datasets.ts';
import { EMPTY_FILTER, type Filter, type VerdictFilter } from '../images/image-filter.ts';
import { DEFAULT_ORDER, orderings, type Order } from '../images/image-order.ts';

/** Where a person is: everything that a view is returned to by. */
export interface Route {
  screen: string;
  dataset?: number | undefined;
  textureClass?: string | undefined;
  method?: number | undefined;
  image?: number | undefined;
  session?: number | undefined;
  filter: Filter;
  order: Order;
}

/** Verdicts and states of the ground truth that an address may name. */
const VERDICTS: readonly VerdictFilter[] = ['accept', 'reject', 'unsure', 'none'];
const GROUND_TRUTHS: readonly GroundTruth[] = ['unknown', 'normal', 'masked'];

/** A place as the fragment of an address: `#/inspect?dataset=1&class=leather&image=12`. */
export function formatRoute({ screen, filter, order, ...place }: Route): string {
  const query = new URLSearchParams();
  const put = (name: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') query.set(name, String(value));
  };
  put('dataset', place.dataset);
  put('class', place.textureClass);
  put('method', place.method);
  put('image', place.image);
  put('session', place.session);
  put('text', filter.text);
  for (const kind of filter.kinds) query.append('kind', kind);
  for (const verdict of filter.verdicts) query.append('verdict', verdict);
  for (const truth of filter.groundTruths) query.append('truth', truth);
  if (filter.annotated !== undefined) put('annotated', filter.annotated ? 'yes' : 'no');
  put('low', filter.low);
  put('high', filter.high);
  put('disagreement', filter.disagreement);
  if (filter.train) put('train', 'yes');
  if (order.by !== DEFAULT_ORDER.by || order.descending)
    put('sort', `${order.by}${order.descending ? '-down' : ''}`);
  const text = query.toString();
  return `#/${screen}${text && `?${text}`}`;
}

/** The place that an address names; what it does not name, or names wrongly, is left open. */
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
    groundTruths: GROUND_TRUTHS.filter((truth) => query.getAll('truth').includes(truth)),
    train: query.get('train') === 'yes',
  };
  if (query.has('annotated')) filter.annotated = query.get('annotated') === 'yes';
  for (const name of ['low', 'high', 'disagreement'] as const) {
    const limit = number(name);
    if (limit !== undefined) filter[name] = limit;
  }
  const [by, descending] = (query.get('sort') ?? '').split('-');
  const ordering = orderings.find((known) => known === by);
  return {
    screen,
    dataset: number('dataset'),
    textureClass: query.get('class') ?? undefined,
    method: number('method'),
    image: number('image'),
    session: number('session'),
    filter,
    order: ordering ? { by: ordering, descending: descending === 'down' } : DEFAULT_ORDER,
  };
}

/** Whether going from one place to the other is a step that a person would want to take back. */
export function isHistoryEntry(from: Route, to: Route): boolean {
  return (['screen', 'dataset', 'textureClass', 'method', 'session'] as const).some(
    (part) => from[part] !== to[part],
  );
}
