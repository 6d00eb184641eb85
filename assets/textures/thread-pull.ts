import { between, random, smoothstep } from './noise.ts';
import { place } from './shape.ts';
import { curve, layStrand, type Point } from './strokes.ts';
import { eachSample, raiseAlpha, WHOLE, type Color, type Defect } from './surface.ts';

export interface Pull {
  /** Length of the yarn that was pulled tight, field units. */
  length: number;
  /** The direction of the yarn: weft runs across the picture, warp down. */
  direction: 'weft' | 'warp';
  color: Color;
  /** Radius of the yarn, field units. */
  radius: number;
  /** Displacement of the neighboring yarns, field units. */
  drag: number;
  /** Length of the loop above the surface, field units. */
  loop: number;
  /** Half the width of the row that the pull left bare, field units; 0 if the yarn stayed in. */
  bare: number;
}

/**
 * A pulled thread. Where it was caught, a loop of yarn rises above the surface. On both sides the yarn is
 * tight, has sunk in, and has drawn the crossing yarns towards the loop and its neighbors together.
 */
export function threadPull(seed: number, pull: Pull): Defect {
  const next = random(seed);
  const [cx, cy] = place(next, pull.length / 2);
  const caught = between(next, -0.25, 0.25) * pull.length;
  /** Position along the yarn from the loop, and across it. */
  const local = (x: number, y: number): Point =>
    pull.direction === 'weft' ? [x - cx, y - cy] : [y - cy, x - cx];
  const world = (along: number, across: number): Point =>
    pull.direction === 'weft' ? [cx + along, cy + across] : [cx + across, cy + along];
  const tension = (along: number): number => {
    const end = along > caught ? pull.length / 2 : -pull.length / 2;
    const t = (along - caught) / (end - caught);
    return t >= 1 ? 0 : (1 - t) ** 0.7;
  };
  const reach = 2.6 * pull.radius;
  const shift = (along: number, across: number): Point => {
    const tight = tension(along);
    const near = Math.exp(-((across / reach) ** 2));
    const towards = Math.sign(caught - along) * smoothstep(0, 5, Math.abs(along - caught));
    const squeeze = (across / reach) * Math.exp(0.5 - 0.5 * (across / reach) ** 2);
    return [pull.drag * tight * near * towards, -0.55 * pull.drag * tight * squeeze];
  };
  const bareness = (x: number, y: number): number => {
    const [along, across] = local(x, y);
    return Math.max(Math.abs(across) - pull.bare, Math.abs(along) - pull.length / 2);
  };
  return {
    ...(pull.bare > 0 && { absence: bareness }),
    displace: (x, y) => {
      const [along, across] = local(x, y);
      if (Math.abs(across) > 6 * reach) return [x, y];
      const [dAlong, dAcross] = shift(along, across);
      return world(along - dAlong, across - dAcross);
    },
    lay: (surface) => {
      eachSample(surface, WHOLE, (at, x, y) => {
        const [along, across] = local(x, y);
        const tight = tension(along);
        if (tight <= 0 || Math.abs(across) > 6 * reach) return;
        const sunk = Math.exp(-((across / (0.9 * pull.radius)) ** 2)) * smoothstep(0, 0.35, tight);
        surface.height[at] -= 0.9 * pull.radius * sunk;
        const dragged = Math.min(1, Math.hypot(...shift(along, across)) / 3);
        const bared = pull.bare > 0 ? smoothstep(0.2, -3.2, bareness(x, y)) : 0;
        raiseAlpha(surface, at, Math.max(sunk, dragged, bared));
      });
      layLoop(surface);
    },
  };

  function layLoop(surface: Parameters<Defect['lay']>[0]): void {
    const lean = between(next, 0.55, 0.85) * (next() > 0.5 ? 1 : -1) * pull.loop;
    const slant = between(next, -0.25, 0.25) * pull.loop;
    const half = 0.2 * pull.loop;
    const path = curve(
      [
        world(caught - half - 9, 0),
        world(caught - half, 0.08 * lean),
        world(caught - 0.7 * half + slant * 0.6, 0.55 * lean),
        world(caught + slant, lean),
        world(caught + 1.3 * half + slant * 0.7, 0.62 * lean),
        world(caught + half, 0.1 * lean),
        world(caught + half + 9, 0),
      ],
      12,
    );
    layStrand(surface, {
      path,
      radius: (t) => pull.radius * (0.62 + 0.2 * Math.sin(Math.PI * t)),
      lift: (t) => -0.6 * pull.radius + 3 * pull.radius * Math.sin(Math.PI * t) ** 0.8,
      color: pull.color,
      opacity: 1,
      twist: 0.45,
      gloss: 0,
      alpha: 1,
      seed,
    });
    for (let k = 0; k < 7; k++) {
      const from = path[Math.floor(between(next, 0.2, 0.8) * path.length)];
      const heading = between(next, 0, 2 * Math.PI);
      const bend = between(next, -1.4, 1.4);
      const stray = between(next, 5, 13);
      layStrand(surface, {
        path: curve(
          [0, 0.4, 0.7, 1].map((t) => [
            from[0] + stray * t * Math.cos(heading + bend * t),
            from[1] + stray * t * Math.sin(heading + bend * t),
          ]),
          4,
        ),
        radius: () => 0.35,
        lift: () => 2 * pull.radius,
        color: pull.color,
        opacity: 0.7,
        twist: 0,
        gloss: 0,
        alpha: 0.8,
        seed: seed + k,
      });
    }
  }
}
