import type { Roll } from '../../common/api/rolls.ts';
import type { Store } from '../../store/store.ts';

/** A roll as defined by the contract: one without a scale of its own has that of its class. @throws PerchError `NOT_FOUND` */
export function describeRoll(store: Store, image: number): Roll {
  return withScale(store, store.rolls.get(image));
}

/** In the order of their datasets. */
export function describeRolls(store: Store, dataset: number | undefined): Roll[] {
  return store.rolls.list(dataset).map((roll) => withScale(store, roll));
}

function withScale(store: Store, roll: Roll): Roll {
  return { ...roll, scale: roll.scale ?? store.classScales.find(roll.dataset, roll.textureClass) };
}
