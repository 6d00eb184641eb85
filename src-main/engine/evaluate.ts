import { thinCurve } from '../maps/thin-curve.ts';
import { ClassPixels } from '../metrics/class-pixels.ts';
import { innerPixels, judgedMap } from './judge.ts';
import type { Tasks } from './protocol.ts';
import type { TaskContext } from './task.ts';

/** Points of a curve that are kept: the area below it stays exact. */
const POINTS = 2000;

/** Figures and curves of a class; one map at a time is in memory as a whole. */
export async function evaluate(
  { images, border, proLimit }: Tasks['evaluate']['request'],
  { signal, threads, report }: TaskContext,
): Promise<Tasks['evaluate']['answer']> {
  const pixels = new ClassPixels(images.reduce((sum, image) => sum + innerPixels(image, border), 0));
  for (const [at, image] of images.entries()) {
    signal.throwIfAborted();
    pixels.add(await judgedMap(image, border));
    report({ stage: 'decode', fraction: (at + 1) / images.length });
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
