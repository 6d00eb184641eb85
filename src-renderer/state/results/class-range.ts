import { classDisplay } from '../../../src-main/common/maps/class-display.ts';
import type { Workstation } from '../../app/workstation.svelte.ts';

/** The scale and the proposed threshold of a class by any method; undefined where it has no results. */
export function classDisplayOf(
  { catalogue, results }: Pick<Workstation, 'catalogue' | 'results'>,
  method: number,
  textureClass: string,
): ReturnType<typeof classDisplay> | undefined {
  const ofClass = [...results.of(method).values()].filter(
    ({ image }) => catalogue.byId.get(image)?.textureClass === textureClass,
  );
  return ofClass.length === 0 ? undefined : classDisplay(ofClass);
}
