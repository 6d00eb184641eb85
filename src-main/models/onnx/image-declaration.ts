import type { ValueDeclaration } from './value-declaration.ts';

export type Layout = 'nchw' | 'nhwc';

/** How a graph declares its image input. */
export interface ImageDeclaration {
  type: 'float32' | 'float16' | 'uint8';
  layout: Layout;
  channels: 1 | 3;
  /** Null where the graph takes any. */
  batch: number | null;
  height: number | null;
  width: number | null;
}

const TYPES: readonly ImageDeclaration['type'][] = ['float32', 'float16', 'uint8'];

/** Longest part of a name that messages show. */
const SHOWN = 80;

/**
 * Interprets a graph's input as an image. An input that declares no shape, or no channels, takes RGB planes.
 *
 * @param given the layout, if the user knows it
 * @throws RangeError with the reason if the input takes no images
 */
export function imageDeclaration(
  { name, element = 'float32', sides }: ValueDeclaration,
  given?: Layout,
): ImageDeclaration {
  const shown = name.length > SHOWN ? `${name.slice(0, SHOWN)}...` : name;
  const type = TYPES.find((each) => each === element);
  if (!type) {
    throw new RangeError(
      `its input "${shown}" takes ${element}, but Perch passes images as float32, float16 or uint8. Export it with one of these`,
    );
  }
  const free = { batch: null, height: null, width: null };
  if (!sides || sides.length === 0) return { type, layout: given ?? 'nchw', channels: 3, ...free };
  const shape = sides.map((side) => side ?? '?').join(', ');
  const channelsOf = (each: Layout) => sides[each === 'nchw' ? 1 : 3];
  const layouts: Layout[] = given ? [given] : ['nchw', 'nhwc'];
  const layout =
    layouts.find((each) => [1, 3].includes(channelsOf(each) ?? 0)) ??
    layouts.find((each) => channelsOf(each) === null);
  if (sides.length !== 4 || !layout) {
    throw new RangeError(
      `its input "${shown}" takes [${shape}], but Perch passes images as [1, channels, height, width] or ` +
        '[1, height, width, channels], with 3 channels or 1',
    );
  }
  const [batch, ...others] = sides;
  const [channels, height, width] = layout === 'nchw' ? others : [others[2], others[0], others[1]];
  return { type, layout, channels: channels === 1 ? 1 : 3, batch, height, width };
}
