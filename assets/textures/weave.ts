import { drawCloth } from './cloth.ts';
import { colorOf, type Texture } from './surface.ts';

/** Plain weave: undyed linen in which each yarn goes over one and under one. */
export const drawWeave: Texture = (side, seed, defect) =>
  drawCloth(
    {
      warp: {
        pitch: 8.6,
        radius: 3.95,
        deep: colorOf(0x7d6c52),
        crown: colorOf(0xd3c4a4),
        spread: 0.1,
        fiber: 0.16,
        sink: 0,
      },
      weft: {
        pitch: 9.4,
        radius: 4.4,
        deep: colorOf(0x837055),
        crown: colorOf(0xdacbaa),
        spread: 0.12,
        fiber: 0.16,
        sink: 0,
      },
      warpAbove: (warp, weft) => (warp + weft) % 2 === 0,
      crimp: 1.5,
      hairs: 260,
    },
    side,
    seed,
    defect,
  );
