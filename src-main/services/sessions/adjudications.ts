import { PerchError } from '../../common/api/errors.ts';
import type { ServiceOf } from '../../common/api/service.ts';
import type { GoldVerdict, sessions as procedures, VerdictPair } from '../../common/api/sessions.ts';
import type { Store } from '../../store/store.ts';
import { disagree, pairVerdicts } from './agreement.ts';
import { exportGold } from './export-gold.ts';
import { goldVerdicts, sortByAdoption } from './gold-verdicts.ts';

type Procedures = Pick<ServiceOf<typeof procedures>, 'adjudicate' | 'gold' | 'exportGold' | 'adoptGold'>;

/** Sessions that settle the disagreements of two others. Their verdicts are gold verdicts, which can become ground truth. */
export interface Adjudications extends Procedures {
  /** The verdicts of both operators on the images of an adjudication; empty for another session. */
  pairs(session: number): VerdictPair[];
}

export function openAdjudications(store: Store): Adjudications {
  const { sessions, verdicts, images, revisions } = store;
  /** In the order of the dataset, because blind sessions have random orders. */
  const allPairs = (first: number, second: number) => {
    const known = images.listByDataset(sessions.get(first).dataset);
    const order = new Map(known.map(({ id }, index) => [id, index]));
    const pairs = pairVerdicts(verdicts.list(first), verdicts.list(second));
    return pairs.sort((a, b) => (order.get(a.image) ?? 0) - (order.get(b.image) ?? 0));
  };
  /** @throws PerchError `INVALID_ARGUMENT` if the session is not an adjudication */
  const goldOf = (id: number): GoldVerdict[] => {
    const { name, adjudicates } = sessions.get(id);
    if (!adjudicates)
      throw new PerchError(
        'INVALID_ARGUMENT',
        `The session "${name}" is not an adjudication, so it has no gold verdicts. Choose an adjudication.`,
      );
    const pairs = allPairs(adjudicates.first.id, adjudicates.second.id);
    return goldVerdicts(pairs, verdicts.list(id), (image) => images.get(image).groundTruth);
  };

  return {
    pairs(id) {
      const { adjudicates } = sessions.get(id);
      if (!adjudicates) return [];
      const own = new Set(sessions.listImages(id));
      return allPairs(adjudicates.first.id, adjudicates.second.id).filter(({ image }) => own.has(image));
    },
    async adjudicate({ first: firstId, second: secondId, operator, name }) {
      const [first, second] = [sessions.get(firstId), sessions.get(secondId)];
      if (first.id === second.id || first.dataset !== second.dataset)
        throw new PerchError(
          'INVALID_ARGUMENT',
          'Choose two different reviews of one dataset to adjudicate.',
        );
      const open = allPairs(first.id, second.id).filter(disagree);
      if (open.length === 0)
        throw new PerchError(
          'CONFLICT',
          `"${first.name}" and "${second.name}" disagree on no image, so there is nothing to adjudicate.`,
        );
      return sessions.add({
        dataset: first.dataset,
        operator,
        name: name ?? `Adjudication of ${first.operator} and ${second.operator}`,
        method: first.method,
        filter: `disagreements of ${first.name} and ${second.name}`,
        images: open.map(({ image }) => image),
        adjudicates: { first: first.id, second: second.id },
      });
    },
    gold: async ({ session }) => ({ verdicts: goldOf(session) }),
    exportGold: async ({ session, format }) =>
      exportGold(sessions.get(session), goldOf(session), (image) => images.get(image), format),
    async adoptGold({ session, author, overwrite, preview }) {
      const adoption = store.transaction(() => {
        const sorted = sortByAdoption(goldOf(session), overwrite);
        if (!preview)
          for (const image of sorted.adopted)
            revisions.add({
              image,
              groundTruth: 'normal',
              mask: null,
              pixels: 0,
              author,
              source: 'adjudicated',
            });
        return sorted;
      });
      if (!preview && adoption.adopted.length > 0) store.changes.emit('datasets');
      return adoption;
    },
  };
}
