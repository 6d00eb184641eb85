import { thinCurve } from '../maps/thin-curve.ts';
import { ClassPixels } from '../metrics/class-pixels.ts';
import { innerPixels, judgedMap } from './judge.ts';
import type { Tasks } from './protocol.ts';
import type { TaskContext } from './task.ts';

/** Points of a curve that are kept; with those that keep the area below it exact 2000 at most. */
const POINTS = 990;

/** Figures and curves of a class. Of its maps two at a time are in memory, beside 16 bytes at most for each of their pixels. */
export async function evaluate(
  { images, border, proLimit }: Tasks['evaluate']['request'],
  { signal, threads, report }: TaskContext,
): Promise<Tasks['evaluate']['answer']> {
  const pixels = new ClassPixels(images.reduce((sum, image) => sum + innerPixels(image, border), 0));
  let done = 0;
  for await (const map of oneAhead(images, (image) => judgedMap(image, border))) {
    signal.throwIfAborted();
    pixels.add(map);
    report({ stage: 'decode', fraction: ++done / images.length });
  }
  const { figures, curves } = await pixels.figures(proLimit, { threads, signal });
  const { roc, pro, pr } = curves;
  return {
    figures,
    curves: {
      roc: thinCurve(roc, POINTS),
      pro: thinCurve(pro, POINTS, proLimit),
      pr: thinCurve(pr, POINTS),
    },
  };
}

/** What is read of each item in turn; the next is read while one is used. */
async function* oneAhead<Item, Read>(
  items: readonly Item[],
  read: (item: Item) => Promise<Read>,
): AsyncGenerator<Read, void, void> {
  let next = items.length > 0 ? read(items[0]) : undefined;
  for (let at = 1; next; at++) {
    const one = await next;
    next = at < items.length ? read(items[at]) : undefined;
    // Whoever stops before its turn does not hear of its failure.
    next?.catch(() => {});
    yield one;
  }
}
