import { drawCloth } from './cloth.ts';
import { colorOf, type Texture } from './surface.ts';

/** Denim: three-up one-down warp twill with indigo warp, dyed only on the outside, and white weft. */
export const drawTwill: Texture = (side, seed, defect) =>
  drawCloth(
    {
      warp: {
        pitch: 5.9,
        radius: 3.15,
        deep: colorOf(0x111b2e),
        crown: colorOf(0x566a83),
        spread: 0.26,
        fiber: 0.42,
        sink: 0,
      },
      weft: {
        pitch: 6.6,
        radius: 2.8,
        deep: colorOf(0x6d7a8a),
        crown: colorOf(0xbfc3c3),
        spread: 0.1,
        fiber: 0.2,
        sink: 1.1,
      },
      warpAbove: (warp, weft) => (((warp + weft) % 4) + 4) % 4 !== 0,
      crimp: 1.2,
      hairs: 200,
    },
    side,
    seed,
    defect,
  );
