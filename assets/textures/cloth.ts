import { between, fractalNoise, hash, mix, random, smoothstep, valueNoise } from './noise.ts';
import { blankSurface, eachSample, FIELD, mixColor, setColor, WHOLE } from './surface.ts';
import type { Color, Defect, Surface } from './surface.ts';
import { curve, layStrand } from './strokes.ts';

/** One of the two yarn systems of a cloth. */
export interface YarnSystem {
  /** Distance between yarns, field units. */
  pitch: number;
  /** Half the width of a yarn, field units. */
  radius: number;
  /** Color at the bottom and at the crown of the yarn. */
  deep: Color;
  crown: Color;
  /** Variation of brightness between yarns, 0..1. */
  spread: number;
  /** Variation of brightness between the fibers of a yarn, 0..1. */
  fiber: number;
  /** Depth of the yarn below the other system's yarn, field units. */
  sink: number;
}

/** A cloth of two yarn systems: warp runs down the picture, weft across it. */
export interface Cloth {
  warp: YarnSystem;
  weft: YarnSystem;
  /** Whether the warp yarn is above the weft yarn at their crossing. */
  warpAbove: (warp: number, weft: number) => boolean;
  /** Rise of a yarn from under to over, field units. */
  crimp: number;
  /** Loose hairs on the face of the cloth. */
  hairs: number;
}

/** Center of yarn k at a position along it. Pitch and course are slightly irregular. */
function middle(system: YarnSystem, k: number, run: number, seed: number): number {
  const jitter = 0.16 * (hash(k, 1, seed) - 0.5);
  const wander = 0.1 * valueNoise(run / (9 * system.pitch), k * 17.3, seed + 1);
  return system.pitch * (k + 0.5 + jitter + wander);
}

/**
 * The yarn at `across`: its index, the position relative to its center (-1..1 on the yarn), and its radius
 * there.
 */
function yarnAt(system: YarnSystem, across: number, run: number, seed: number) {
  const guess = Math.floor(across / system.pitch);
  let best = { yarn: guess, offset: Infinity, radius: system.radius };
  for (let k = guess - 1; k <= guess + 1; k++) {
    const slub = 1 + 0.1 * valueNoise(run / (5 * system.pitch), k * 9.1, seed + 2);
    const radius = system.radius * slub * (1 + 0.12 * (hash(k, 2, seed) - 0.5));
    const offset = (across - middle(system, k, run, seed)) / radius;
    if (Math.abs(offset) < Math.abs(best.offset)) best = { yarn: k, offset, radius };
  }
  return best;
}

/**
 * The two yarns of the crossing system on either side, and the position between them: 0 at `first`, 1 at the
 * next.
 */
function crossing(system: YarnSystem, place: number, run: number, seed: number) {
  let first = Math.floor(place / system.pitch - 0.5);
  if (place < middle(system, first, run, seed)) first--;
  else if (place >= middle(system, first + 1, run, seed)) first++;
  const from = middle(system, first, run, seed);
  return { first, t: (place - from) / (middle(system, first + 1, run, seed) - from) };
}

/**
 * Height of the fiber bundle's twist at a position on a yarn, -1..1, as streaks that lean across the yarn.
 */
function twistStreak(run: number, offset: number, yarn: number, radius: number, seed: number): number {
  const wrapped = Math.asin(Math.max(-1, Math.min(1, offset)));
  const lean = run / (2.1 * radius);
  return (
    0.55 * valueNoise(run / (3.2 * radius) + yarn * 31.7, wrapped * 1.5 + lean, seed + 3) +
    0.45 * valueNoise(run / (1.3 * radius) + yarn * 13.9, wrapped * 3.4 + 2 * lean, seed + 4)
  );
}

interface YarnSample {
  height: number;
  color: Color;
  brightness: number;
}

/** One yarn system at a position; undefined between yarns and where a hole removed the yarn. */
function sampleYarn(
  system: YarnSystem,
  across: number,
  run: number,
  level: (yarn: number) => number,
  absence: number,
  seed: number,
): YarnSample | undefined {
  const { yarn, offset, radius } = yarnAt(system, across, run, seed);
  const fray = 9 * hash(yarn, 5, seed) ** 2 + 1.5 * valueNoise(run / 2, across, seed + 8);
  if (Math.abs(offset) >= 1 || absence < -fray) return undefined;
  const round = Math.sqrt(1 - offset * offset);
  const streak = twistStreak(run, offset, yarn, radius, seed);
  const rise = level(yarn);
  const crown = smoothstep(-0.4, 1.3, rise + round * 0.6 + 0.7 * streak - 0.3);
  const shade =
    1 + system.spread * (2 * hash(yarn, 6, seed) - 1 + valueNoise(run / 60, yarn * 5.3, seed + 5));
  return {
    height: 0.8 * radius * round + 0.16 * radius * streak + rise - system.sink,
    color: mixColor(system.deep, system.crown, crown),
    brightness: shade * (1 + system.fiber * streak),
  };
}

/** Draws a cloth. */
export function drawCloth(cloth: Cloth, side: number, seed: number, defect?: Defect): Surface {
  const surface = blankSurface(side);
  const { warp, weft, crimp } = cloth;
  const depth = -1.2 * warp.radius;
  eachSample(surface, WHOLE, (at, px, py) => {
    const [qx, qy] = defect?.displace?.(px, py) ?? [px, py];
    const x = qx + 1.6 * fractalNoise(qx / 130, qy / 130, seed + 11, 2);
    const y = qy + 1.6 * fractalNoise(qx / 130, qy / 130, seed + 12, 2);
    const absence = defect?.absence?.(px, py) ?? Infinity;
    const across = crossing(weft, y, x, seed + 40);
    const down = crossing(warp, x, y, seed);
    const levelOf = (above: boolean): number => (above ? crimp : -crimp);
    const swing = (a: boolean, b: boolean, t: number): number =>
      mix(levelOf(a), levelOf(b), 0.5 - 0.5 * Math.cos(Math.PI * t));
    const over = sampleYarn(
      warp,
      x,
      y,
      (i) => swing(cloth.warpAbove(i, across.first), cloth.warpAbove(i, across.first + 1), across.t),
      absence,
      seed,
    );
    const under = sampleYarn(
      weft,
      y,
      x,
      (j) => swing(!cloth.warpAbove(down.first, j), !cloth.warpAbove(down.first + 1, j), down.t),
      absence,
      seed + 40,
    );
    const top = !under || (over && over.height >= under.height) ? over : under;
    if (top) {
      surface.height[at] = top.height;
      setColor(surface, at, top.color, top.brightness);
    } else {
      surface.height[at] = absence < 0 ? depth * 2.2 : depth;
      setColor(surface, at, mixColor(warp.deep, [0, 0, 0], absence < 0 ? 0.9 : 0.55));
    }
  });
  layHairs(surface, cloth, seed);
  return surface;
}

/** Loose hairs that stand off the yarns of every spun cloth. */
function layHairs(surface: Surface, cloth: Cloth, seed: number): void {
  const next = random(seed + 77);
  for (let k = 0; k < cloth.hairs; k++) {
    const x = between(next, 0, FIELD);
    const y = between(next, 0, FIELD);
    const heading = between(next, 0, 2 * Math.PI);
    const bend = between(next, -1.6, 1.6);
    const reach = between(next, 5, 14);
    const path = curve(
      [0, 0.33, 0.67, 1].map((t) => [
        x + reach * t * Math.cos(heading + bend * t),
        y + reach * t * Math.sin(heading + bend * t),
      ]),
      4,
    );
    layStrand(surface, {
      path,
      radius: () => 0.32,
      lift: (t) => cloth.crimp + cloth.warp.radius * (0.5 + 0.5 * Math.sin(Math.PI * t)),
      color: cloth.weft.crown,
      opacity: between(next, 0.2, 0.55),
      twist: 0,
      gloss: 0,
      alpha: 0,
      seed,
    });
  }
}
