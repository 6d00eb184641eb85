import { classFigures } from '../maps/figures.ts';
import { thinCurve } from '../maps/thin-curve.ts';
import { judgedMap } from './judge.ts';
import type { Tasks } from './protocol.ts';
import type { TaskContext } from './task.ts';

/** Points of a curve that are kept: the area below it stays exact. */
const POINTS = 2000;

/** Figures and curves of a class. */
export async function evaluate(
  { images, border, proLimit }: Tasks['evaluate']['request'],
  { signal, report }: TaskContext,
): Promise<Tasks['evaluate']['answer']> {
  const maps = [];
  for (const image of images) {
    signal.throwIfAborted();
    maps.push(await judgedMap(image, border));
    report({ stage: 'decode', fraction: maps.length / images.length });
  }
  const { figures, roc, pro, pr } = classFigures(maps, proLimit);
  const curves = {
    roc: thinCurve(roc, POINTS),
    pro: thinCurve(pro, POINTS, proLimit),
    pr: thinCurve(pr, POINTS),
  };
  return { figures, curves };
}
