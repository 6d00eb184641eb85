import { foreignFiber, specks } from './contamination.ts';
import { crack } from './crack.ts';
import { boredHoles, tornHole } from './hole.ts';
import { takePicture, type Picture } from './picture.ts';
import { SCENES, type TextureClass } from './scenes.ts';
import { scratch } from './scratch.ts';
import { stain } from './stain.ts';
import { colorOf, type Color, type Defect } from './surface.ts';
import { threadPull } from './thread-pull.ts';

export type DefectKind = 'hole' | 'thread_pull' | 'stain' | 'scratch' | 'crack' | 'contamination';

const LINEN = { color: colorOf(0xd2c29f), radius: 4.2 };
const INDIGO = { color: colorOf(0x3d5170), radius: 3.1 };
const COTTON = { color: colorOf(0xc3c7c6), radius: 2.9 };
const WOOL = { color: colorOf(0x8f989e), radius: 3 };
const COFFEE: Color = [0.6, 0.46, 0.3];
const OIL: Color = [0.6, 0.54, 0.45];
const RUST: Color = [0.72, 0.47, 0.27];
const ANY = [0, Math.PI] as const;

/** How each defect type appears on each material. */
const DEFECTS: Record<TextureClass, Partial<Record<DefectKind, (seed: number) => Defect>>> = {
  weave: {
    hole: (seed) => tornHole(seed, { colors: [LINEN.color], radius: LINEN.radius, size: 26 }),
    thread_pull: (seed) =>
      threadPull(seed, { ...LINEN, direction: 'weft', length: 210, drag: 6.5, loop: 34, bare: 0 }),
    stain: (seed) => stain(seed, { tint: COFFEE, radius: 40, soft: 11, tide: 0.45, soak: 0.12 }),
    contamination: (seed) =>
      foreignFiber(seed, { color: colorOf(0x7c2431), length: 330, radius: 2.1, rest: 4.5, gloss: 0.02 }),
  },
  twill: {
    hole: (seed) => tornHole(seed, { colors: [INDIGO.color, COTTON.color], radius: INDIGO.radius, size: 31 }),
    thread_pull: (seed) =>
      threadPull(seed, { ...COTTON, direction: 'weft', length: 190, drag: 6, loop: 32, bare: 0 }),
    stain: (seed) => stain(seed, { tint: [0.5, 0.45, 0.36], radius: 42, soft: 13, tide: 0.3, soak: 0.12 }),
    contamination: (seed) =>
      foreignFiber(seed, { color: colorOf(0xb9722f), length: 320, radius: 2.1, rest: 3.6, gloss: 0.02 }),
  },
  leather: {
    hole: (seed) =>
      boredHoles(seed, { count: 1, radius: 20, ragged: 0.22, rim: 2.4, depth: 9, wall: colorOf(0x170c07) }),
    stain: (seed) => stain(seed, { tint: [0.5, 0.43, 0.4], radius: 40, soft: 14, tide: 0.25, soak: 0.08 }),
    scratch: (seed) =>
      scratch(seed, {
        length: 250,
        width: 5,
        depth: 1,
        burr: 0.8,
        bare: colorOf(0xd0a27c),
        opacity: 0.95,
        contact: 0.7,
        headings: ANY,
      }),
    crack: (seed) =>
      crack(seed, {
        length: 210,
        width: 5,
        branches: 4,
        jagged: 0.018,
        splay: 0.6,
        depth: 3.5,
        inside: colorOf(0x1d0f08),
        edge: colorOf(0xb98a63),
        headings: ANY,
      }),
  },
  wood: {
    hole: (seed) =>
      boredHoles(seed, { count: 4, radius: 13, ragged: 0.14, rim: 0, depth: 8, wall: colorOf(0x24140a) }),
    stain: (seed) => stain(seed, { tint: [0.5, 0.42, 0.36], radius: 42, soft: 9, tide: 0.5, soak: 0.2 }),
    scratch: (seed) =>
      scratch(seed, {
        length: 250,
        width: 5,
        depth: 2.6,
        burr: 0.7,
        bare: colorOf(0xf3e4c8),
        opacity: 1,
        contact: -9,
        headings: [-0.75, 0.75],
      }),
    crack: (seed) =>
      crack(seed, {
        length: 270,
        width: 4.6,
        branches: 2,
        jagged: 0.006,
        splay: 0.14,
        depth: 4,
        inside: colorOf(0x22140b),
        edge: colorOf(0xe6c99d),
        headings: [1.42, 1.72],
      }),
  },
  carpet: {
    hole: (seed) => tornHole(seed, { colors: [WOOL.color], radius: WOOL.radius, size: 31 }),
    thread_pull: (seed) =>
      threadPull(seed, { ...WOOL, direction: 'warp', length: 130, drag: 0, loop: 62, bare: 6.5 }),
    stain: (seed) => stain(seed, { tint: [0.66, 0.36, 0.3], radius: 46, soft: 16, tide: 0.1, soak: 0.06 }),
    contamination: (seed) =>
      specks(seed, {
        count: 13,
        radii: [3, 7.5],
        spread: 40,
        colors: [0xcdbfa2, 0xb7a280, 0xe0d6bf].map(colorOf),
        rest: 1,
        gloss: 0,
      }),
  },
  stone: {
    scratch: (seed) =>
      scratch(seed, {
        length: 270,
        width: 4,
        depth: 0.9,
        burr: 0.1,
        bare: colorOf(0xf3efe8),
        opacity: 0.9,
        contact: -9,
        headings: ANY,
      }),
    stain: (seed) => stain(seed, { tint: RUST, radius: 44, soft: 14, tide: 0.3, soak: 0 }),
    crack: (seed) =>
      crack(seed, {
        length: 290,
        width: 3,
        branches: 3,
        jagged: 0.02,
        splay: 0.55,
        depth: 3,
        inside: colorOf(0x2a2623),
        edge: colorOf(0xe9e4db),
        headings: ANY,
      }),
    contamination: (seed) =>
      specks(seed, {
        count: 11,
        radii: [4, 8],
        spread: 38,
        colors: [0x4f6b3a, 0x3f5730, 0x66803f].map(colorOf),
        rest: 0.2,
        gloss: 0.01,
      }),
  },
  steel: {
    hole: (seed) =>
      boredHoles(seed, { count: 6, radius: 8.5, ragged: 0.4, rim: 0.5, depth: 4, wall: colorOf(0x2b2522) }),
    stain: (seed) => stain(seed, { tint: OIL, radius: 44, soft: 9, tide: 0.5, soak: 0 }),
    scratch: (seed) =>
      scratch(seed, {
        length: 280,
        width: 3.6,
        depth: 0.9,
        burr: 0.5,
        bare: colorOf(0xeceff1),
        opacity: 0.85,
        contact: -9,
        headings: [0.35, 2.8],
      }),
    contamination: (seed) =>
      specks(seed, {
        count: 12,
        radii: [3.5, 7],
        spread: 42,
        colors: [0x7a4a26, 0x5e3a20, 0x8f5c30].map(colorOf),
        rest: 0.2,
        gloss: 0.02,
      }),
  },
};

/** One picture of the samples. */
export interface Sample {
  texture: TextureClass;
  kind: DefectKind | 'good';
  /** Number of the picture within its defect type. */
  index: number;
  seed: number;
}

/** Picture seeds by class and defect type. */
const SEEDS: Record<TextureClass, Partial<Record<Sample['kind'], readonly number[]>>> = {
  weave: { good: [101, 102], hole: [111, 114], thread_pull: [121], stain: [131], contamination: [141] },
  twill: { good: [201, 202], hole: [211], thread_pull: [221, 222], stain: [231], contamination: [241] },
  leather: { good: [301, 302], hole: [311], stain: [331], scratch: [351, 352], crack: [361] },
  wood: { good: [401, 402], hole: [412], stain: [431], scratch: [451], crack: [463, 466] },
  carpet: { good: [501, 502], hole: [511], thread_pull: [521], stain: [531, 532], contamination: [541] },
  stone: { good: [601, 602], stain: [631], scratch: [651], crack: [661, 662], contamination: [641] },
  steel: { good: [701, 702], hole: [714], stain: [731], scratch: [751, 752], contamination: [741] },
};

/** Every picture of the samples, by class. */
export const SAMPLES: readonly Sample[] = Object.entries(SEEDS).flatMap(([texture, kinds]) =>
  Object.entries(kinds).flatMap(([kind, seeds]) =>
    seeds.map((seed, index): Sample => ({
      texture: texture as TextureClass,
      kind: kind as Sample['kind'],
      index,
      seed,
    })),
  ),
);

/** The sample's defect; undefined for a good sample. */
function defectOf({ texture, kind, seed }: Sample): Defect | undefined {
  return kind === 'good' ? undefined : DEFECTS[texture][kind]?.(seed);
}

/** Draws a sample at `size` x `size` pixels. */
export function drawSample(sample: Sample, size: number): Picture {
  return takePicture(SCENES[sample.texture], sample.seed, size, defectOf(sample));
}

/** The same material without the defect. */
export function drawUndamaged(sample: Sample, size: number): Picture {
  return takePicture(SCENES[sample.texture], sample.seed, size);
}
