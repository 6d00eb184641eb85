import { randomInt } from 'node:crypto';
import { PerchError } from '../../common/api/errors.ts';
import type { ServiceOf } from '../../common/api/service.ts';
import type { sessions as procedures } from '../../common/api/sessions.ts';
import { mulberry32 } from '../../methods/prng.ts';
import type { Store } from '../../store/store.ts';
import type { Services } from '../types.ts';
import { openAdjudications } from './adjudications.ts';
import { agreementOf } from './agreement.ts';
import { exportSession } from './export-session.ts';
import { assignImages, mixWithinClasses } from './review-order.ts';
import { type ReviewedImage, listReviewedImages } from './reviewed-images.ts';
import { type VerdictContext, summarizeSession } from './session-summary.ts';

/** Review sessions. A verdict is on disk before the call that makes it returns. */
export function openSessions(
  store: Store,
  recipes: Pick<Services['recipes'], 'decisions'>,
): ServiceOf<typeof procedures> {
  const { sessions, verdicts } = store;
  const review = async (id: number, signal: AbortSignal) => {
    const session = sessions.get(id);
    const { decisions } = await recipes.decisions({ dataset: session.dataset }, signal);
    const images = listReviewedImages(store, session, decisions);
    const summary = summarizeSession(session, images.flatMap(reviewed), [
      session.createdAt,
      ...verdicts.listTimes(id),
    ]);
    return { images, summary };
  };
  const verdictsOf = (id: number) => verdicts.list(sessions.get(id).id);
  const adjudications = openAdjudications(store);
  /**
   * Checks a request, and returns what its sessions have in common, with the order of each session's images.
   */
  const prepare = <Request extends NewSessions>({ name = '', ...request }: Request) => {
    store.datasets.get(request.dataset);
    if (request.method !== null) store.methods.get(request.method);
    const { dataset, method, filter, blind } = request;
    const classes = new Map(
      store.images.listByDataset(dataset).map(({ id, textureClass }) => [id, textureClass]),
    );
    const order = (images: readonly number[]) =>
      blind ? mixWithinClasses(images, (image) => classes.get(image) ?? '', freshPrng()) : images;
    const common = { name, method, filter, blind, heatmapHidden: blind && request.heatmapHidden };
    return { dataset, common, images: [...new Set(request.images)], order };
  };

  return {
    ...adjudications,
    list: async ({ dataset }) => ({
      sessions: dataset === undefined ? sessions.list() : sessions.listByDataset(dataset),
    }),
    async create({ operator, ...request }) {
      const { dataset, common, images, order } = prepare(request);
      return sessions.add({ ...common, dataset, operator, images: order(images) });
    },
    async createGroup({ operators, overlap, ...request }) {
      if (new Set(operators).size < operators.length)
        throw new PerchError('INVALID_ARGUMENT', 'Every operator of a review needs a different name.');
      const { dataset, common, images, order } = prepare(request);
      const assigned = assignImages(images, operators.length, overlap, freshPrng());
      if (assigned.some((own) => own.length === 0))
        throw new PerchError(
          'INVALID_ARGUMENT',
          `${images.length} images are too few for ${operators.length} operators with this overlap. Choose more images or a larger overlap.`,
        );
      const group = operators.map((operator, index) => ({
        ...common,
        operator,
        images: order(assigned[index]),
      }));
      return { sessions: sessions.addGroup(dataset, overlap, group) };
    },
    get: async ({ session: id }) => ({
      session: sessions.get(id),
      images: sessions.listImages(id),
      verdicts: verdicts.list(id),
      pairs: adjudications.pairs(id),
    }),
    async setVerdict({ session: id, ...said }) {
      const imageVerdict = verdicts.add(id, said);
      return { session: sessions.get(id), imageVerdict };
    },
    async undo({ session: id }) {
      const undone = verdicts.undo(id);
      return { session: sessions.get(id), ...undone };
    },
    finish: async ({ session: id }) => sessions.finish(id),
    reopen: async ({ session: id }) => sessions.reopen(id),
    remove: async ({ session: id }) => sessions.remove(id),
    summary: async ({ session: id }, signal) => (await review(id, signal)).summary,
    agreement: async ({ first, second }) => agreementOf(verdictsOf(first), verdictsOf(second)),
    async export({ session: id, format }, signal) {
      const { images, summary } = await review(id, signal);
      const { method } = summary.session;
      return exportSession(summary, method === null ? null : store.methods.get(method).label, images, format);
    },
    verdicts: async ({ dataset }) => ({ verdicts: verdicts.listLatest(dataset) }),
  };
}

/** The common part of requests for one session and for a group. */
interface NewSessions {
  dataset: number;
  name?: string | undefined;
  method: number | null;
  filter: string;
  images: readonly number[];
  blind: boolean;
  heatmapHidden: boolean;
}

const freshPrng = () => mulberry32(randomInt(2 ** 32));

/** The contribution of an image to the summary; empty if it was not reviewed. */
function reviewed({ imageVerdict, score, threshold, ...image }: ReviewedImage): VerdictContext[] {
  if (imageVerdict === null) return [];
  const { firstVerdict, groundTruth, decision } = image;
  const known = { imageVerdict, firstVerdict, groundTruth, decision };
  if (score === null || threshold === null) return [{ ...known, score: 'unknown' }];
  return [{ ...known, score: score >= threshold ? 'above' : 'below' }];
}
