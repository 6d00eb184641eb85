import { drawCarpet } from './carpet.ts';
import { drawLeather } from './leather.ts';
import type { Scene } from './picture.ts';
import { drawSteel } from './steel.ts';
import { drawStone } from './stone.ts';
import { drawTwill } from './twill.ts';
import { drawWeave } from './weave.ts';
import { drawWood } from './wood.ts';

const degrees = (angle: number): number => (angle * Math.PI) / 180;

/** Every texture class with the lighting that shows it best. */
export const SCENES = {
  weave: {
    texture: drawWeave,
    lamp: { azimuth: degrees(-125), elevation: degrees(48), ambient: 0.45, sharpness: 20, cavity: 0.35 },
    grain: 1,
  },
  twill: {
    texture: drawTwill,
    lamp: { azimuth: degrees(-120), elevation: degrees(50), ambient: 0.42, sharpness: 20, cavity: 0.35 },
    grain: 1,
  },
  leather: {
    texture: drawLeather,
    lamp: { azimuth: degrees(-140), elevation: degrees(42), ambient: 0.35, sharpness: 28, cavity: 0.35 },
    grain: 1,
  },
  wood: {
    texture: drawWood,
    lamp: { azimuth: degrees(-160), elevation: degrees(55), ambient: 0.45, sharpness: 16, cavity: 0.3 },
    grain: 1,
  },
  carpet: {
    texture: drawCarpet,
    lamp: { azimuth: degrees(-115), elevation: degrees(55), ambient: 0.5, sharpness: 12, cavity: 0.25 },
    grain: 1,
  },
  stone: {
    texture: drawStone,
    lamp: { azimuth: degrees(-130), elevation: degrees(60), ambient: 0.5, sharpness: 30, cavity: 0.3 },
    grain: 1,
  },
  steel: {
    texture: drawSteel,
    lamp: { azimuth: degrees(-70), elevation: degrees(58), ambient: 0.4, sharpness: 24, cavity: 0.3 },
    grain: 1,
  },
} as const satisfies Record<string, Scene>;

export type TextureClass = keyof typeof SCENES;
