import { thinCurve } from '../../common/maps/thin-curve.ts';
import { ClassPixels } from '../../metrics/class-pixels.ts';
import type { JudgedMap } from '../../metrics/judged-map.ts';
import type { MapFile } from './load-labeled-map.ts';
import { judgedMaps } from './prefetch-labeled-maps.ts';
import type { Tasks } from '../protocol/messages.ts';
import type { TaskContext } from '../runtime/handler-context.ts';

/** Points of a curve that are kept; with those that keep the area below it exact 2000 at most. */
const POINTS = 990;

/** Figures and curves of a class. */
export async function evaluate(
  { images, border, proLimit }: Tasks['evaluate']['request'],
  context: TaskContext,
): Promise<Tasks['evaluate']['answer']> {
  const { threads, signal } = context;
  const pixels = await gatherPixels(images, border, context);
  const { figures, curves } = await pixels.figures(proLimit, { threads, signal });
  const { roc, pro, pr } = curves();
  return {
    figures,
    curves: {
      roc: thinCurve(roc, POINTS),
      pro: thinCurve(pro, POINTS, proLimit),
      pr: thinCurve(pr, POINTS),
    },
  };
}

/** The pixels of a class from its files. */
export async function gatherPixels(
  images: readonly MapFile[],
  border: number,
  { signal, report }: Pick<TaskContext, 'signal' | 'report'>,
  onMap: (map: JudgedMap, at: number) => void = () => {},
): Promise<ClassPixels> {
  const pixels = new ClassPixels();
  let done = 0;
  for await (const map of judgedMaps(images, border)) {
    signal.throwIfAborted();
    pixels.add(map);
    onMap(map, done);
    report({ stage: 'decode', fraction: ++done / images.length });
  }
  return pixels;
}
