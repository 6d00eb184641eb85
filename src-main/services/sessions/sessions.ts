import type { ServiceOf } from '../../common/api/service.ts';
import type { sessions as procedures } from '../../common/api/sessions.ts';
import type { Store } from '../../store/store.ts';
import { agreementOf } from './agreement.ts';
import { exportSession } from './export-session.ts';
import { type ReviewedImage, listReviewedImages } from './reviewed-images.ts';
import { type VerdictContext, summarizeSession } from './session-summary.ts';

/** Review sessions. A verdict is on disk before its call returns. */
export function openSessions(store: Store): ServiceOf<typeof procedures> {
  const { sessions } = store;
  const review = (id: number) => {
    const session = sessions.get(id);
    const images = listReviewedImages(store, session);
    const summary = summarizeSession(session, images.flatMap(reviewed), [
      session.createdAt,
      ...sessions.listTimes(id),
    ]);
    return { images, summary };
  };
  const verdictsOf = (id: number) => sessions.listVerdicts(sessions.get(id).id);

  return {
    list: async ({ dataset }) => ({
      sessions: dataset === undefined ? sessions.list() : sessions.listByDataset(dataset),
    }),
    async create({ images, name = '', ...request }) {
      store.datasets.get(request.dataset);
      if (request.method !== null) store.methods.get(request.method);
      return sessions.add({ ...request, name, images: [...new Set(images)] });
    },
    get: async ({ session: id }) => ({
      session: sessions.get(id),
      images: sessions.listImages(id),
      verdicts: sessions.listVerdicts(id),
    }),
    async setVerdict({ session: id, ...said }) {
      const imageVerdict = sessions.addVerdict(id, said);
      return { session: sessions.get(id), imageVerdict };
    },
    async undo({ session: id }) {
      const undone = sessions.undo(id);
      return { session: sessions.get(id), ...undone };
    },
    finish: async ({ session: id }) => sessions.finish(id),
    reopen: async ({ session: id }) => sessions.reopen(id),
    remove: async ({ session: id }) => sessions.remove(id),
    summary: async ({ session: id }) => review(id).summary,
    agreement: async ({ first, second }) => agreementOf(verdictsOf(first), verdictsOf(second)),
    async export({ session: id, format }) {
      const { images, summary } = review(id);
      const { method } = summary.session;
      return exportSession(summary, method === null ? null : store.methods.get(method).label, images, format);
    },
    verdicts: async ({ dataset }) => ({ verdicts: sessions.listLatestVerdicts(dataset) }),
  };
}

/** The image's contribution to the summary; empty if it was not reviewed. */
function reviewed({ imageVerdict, groundTruth, score, threshold }: ReviewedImage): VerdictContext[] {
  if (imageVerdict === null) return [];
  if (score === null || threshold === null) return [{ imageVerdict, groundTruth, score: 'unknown' }];
  return [{ imageVerdict, groundTruth, score: score >= threshold ? 'above' : 'below' }];
}
