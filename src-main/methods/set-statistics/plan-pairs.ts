/** A native call: compares one image with others. */
export interface PairStep {
  image: number;
  others: number[];
}

/** Images whose maps are complete after these steps, and the blocks before. */
export interface PairBlock {
  scored: number[];
  steps: PairStep[];
}

/**
 * Orders the comparisons of a set so that few features are in memory and maps are complete early. A block holds the features of some
 * scored images, and compares every other image with them. Inside a group, each pair is compared once. A group is as large as the
 * memory for its scores allows, and pairs of images of different groups are compared twice.
 *
 * @param scored images to score, in order
 * @param candidates images to compare with
 */
export function* planPairs(
  scored: readonly number[],
  candidates: readonly number[],
  { group, block }: { group: number; block: number },
): Generator<PairBlock> {
  const isCandidate = new Set(candidates);
  for (let from = 0; from < scored.length; from += group) {
    const members = scored.slice(from, from + group);
    const open = new Set(members);
    for (let at = 0; at < members.length; at += block) {
      const held = members.slice(at, at + block);
      held.forEach((image) => open.delete(image));
      const steps = held.map((image, i) => ({
        image,
        others: held.slice(i + 1).filter((other) => isCandidate.has(image) || isCandidate.has(other)),
      }));
      const finished = new Set(members.slice(0, at));
      const streamed = new Set([...candidates, ...open].filter((image) => !finished.has(image)));
      held.forEach((image) => streamed.delete(image));
      for (const image of streamed) {
        const others = held.filter(
          (other) => isCandidate.has(image) || (open.has(image) && isCandidate.has(other)),
        );
        steps.push({ image, others });
      }
      yield { scored: held, steps: steps.filter(({ others }) => others.length > 0) };
    }
  }
}
