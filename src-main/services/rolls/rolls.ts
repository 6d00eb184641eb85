import { PerchError } from '../../common/api/errors.ts';
import type { Store } from '../../store/store.ts';
import type { Services } from '../types.ts';
import { assessDefect } from './assess-defect.ts';
import { defectId } from './defect-id.ts';

/** The procedures for rolls. */
export function openRolls(store: Store): Services['rolls'] {
  const absent = (): never => {
    throw new PerchError('NOT_FOUND', 'This roll is not in the store.');
  };
  return {
    list({ dataset }) {
      if (dataset !== undefined) store.datasets.get(dataset);
      return { rolls: store.rolls.list(dataset) };
    },
    get({ image }) {
      const roll = store.rolls.get(image);
      const { name, file } = store.images.get(image);
      const frames = store.rolls.frames(image);
      const whole = { name, offset: 0, length: roll.lengthPixels, sha256: file.sha256 };
      return { roll, frames: frames.length > 0 ? frames : [whole] };
    },
    // eslint-disable-next-line require-yield
    async *import() {
      absent();
    },
    update({ image, ...changes }) {
      store.transaction(() => {
        const { article, lot, direction, scale } = store.rolls.get(image);
        const stated = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
        store.rolls.put(image, { article, lot, direction, scale, ...stated });
      });
      return store.rolls.get(image);
    },
    remove({ image }) {
      store.rolls.get(image);
      store.rolls.remove(image);
    },
    inspect: absent,
    defects: absent,
    assess: (assessment) => assessDefect(store, assessment),
    assessments({ image }) {
      store.rolls.get(image);
      const assessments = store.rollAssessments
        .list(image)
        .map(({ x, y, ...assessment }) => ({ ...assessment, defect: defectId({ x, y }) }));
      return { assessments };
    },
    rules: () => ({ rules: [] }),
    certificate: absent,
  };
}
