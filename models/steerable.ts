import { scaled } from '../src-main/models/networks/layers.ts';
import { GraphBuilder } from '../src-main/models/onnx/graph.ts';
import type { Value } from '../src-main/models/onnx/graph.ts';
import { float32, int64, typeNumber } from '../src-main/models/onnx/tensor.ts';

// One full-resolution level of a complex steerable pyramid, real part (docs/method.md, section 1), for images of any size.
//
// A filter is a mask on the spectrum. The transforms are matrix products with an orthonormal basis of cosines and sines for each
// axis. The runtime parallelizes matrix products well, and they are equally fast and exact for prime sides and powers of two. For
// an image of H x W, an orientation costs 3 H W (H + W) multiplications.
//
// The real part of the response belongs to the even mask (M(k) + M(-k)) / 2, which needs only the real spectrum: for the frequencies
// p >= 0 (vertical) and q >= 0 (horizontal), cos cos, cos sin, sin cos and sin sin. These are the sum of waves along (p, q), which the
// filter multiplies by M(p, q), and of waves along (-p, q), which it multiplies by M(-p, q).

export const STEERABLE_ORIENTATIONS = 43;
/** Minimum image side in pixels. A smaller image has no frequency between 0 and Nyquist. */
export const STEERABLE_MINIMUM_SIDE = 3;

/**
 * The factor of cos^42 in the even mask: half the height of the angular mask, sqrt(c) with c = 2^84 (42!)^2 / (43 * 84!) for 43
 * orientations, with the sign of (-i)^42.
 */
const HEIGHT = -Math.sqrt(squaredHeight(STEERABLE_ORIENTATIONS));

/** Subtracted from cos^42 so that denormal numbers, which are slow, become 0. */
const NEGLIGIBLE = 1e-12;

/**
 * Builds the ONNX model from `image` [1, 3, H, W], RGB in 0..1, to `features` [43, 1, 3, H, W], scaled: 129 channels by orientation
 * and color. This is the shape that the loop returns; a reshape would store the features twice.
 */
export function buildSteerable(): Uint8Array {
  return buildGraph((each, plane) => scaled(each, plane));
}

/** The same graph with unscaled features. A second output of the loop would store the features twice. */
export function buildUnscaledSteerable(): Uint8Array {
  return buildGraph((_, plane) => plane);
}

/** @param finish the last operation on the features of an orientation */
function buildGraph(finish: (each: GraphBuilder, features: Value) => Value): Uint8Array {
  const graph = new GraphBuilder('steerable');
  const image = graph.input('image', 'float32', [1, 3, 'height', 'width']);
  const down = axisOf(graph, image, 2);
  const across = axisOf(graph, image, 3);
  const waves = wavesOf(graph, image, down, across);
  const ring = ringOf(graph, down, across);

  const angles = Array.from(
    { length: STEERABLE_ORIENTATIONS },
    (_, b) => (b * Math.PI) / STEERABLE_ORIENTATIONS,
  );
  const cosines = graph.constant(float32([STEERABLE_ORIENTATIONS], angles.map(Math.cos)), 'cosines');
  const sines = graph.constant(float32([STEERABLE_ORIENTATIONS], angles.map(Math.sin)), 'sines');
  const body = graph.subgraph('orientation', (each) => {
    const alongAcross = each.node('Mul', [ring.across, each.input('cosine', 'float32', [])]);
    const alongDown = each.node('Mul', [ring.down, each.input('sine', 'float32', [])]);
    const falling = masked(each, waves.falling, each.node('Add', [alongAcross, alongDown]), ring.height);
    const rising = masked(each, waves.rising, each.node('Sub', [alongAcross, alongDown]), ring.height);
    const rows = each.node('MatMul', [down.basis, each.node('Add', [falling, rising])]);
    each.output(finish(each, each.node('MatMul', [rows, across.transposed])), 'float32');
  });
  const features = graph.node('Scan', [cosines, sines], { body, num_scan_inputs: 2 }, 'features');
  graph.output(features, 'float32', [STEERABLE_ORIENTATIONS, 1, 3, 'height', 'width']);
  return graph.toBytes();
}

/** The transform along an axis of N pixels, with the K = ceil(N / 2) frequencies below Nyquist; at Nyquist the masks are 0. */
interface Axis {
  /** N x 2K, orthonormal columns: cosines, then sines. */
  basis: Value;
  /** 2K x N. */
  transposed: Value;
  /** K frequencies from 0, in units of the Nyquist frequency. */
  frequencies: Value;
}

function axisOf(graph: GraphBuilder, image: Value, axis: number): Axis {
  const integer = (value: number, dims: readonly number[] = []) => graph.constant(int64([value], dims));
  const scalar = (value: number) => graph.constant(float32([], [value]));
  const floating = (value: Value) => graph.node('Cast', [value], { to: typeNumber('float32') });

  const side = graph.node('Gather', [graph.node('Shape', [image]), integer(axis)]);
  const count = graph.node('Div', [graph.node('Add', [side, integer(1)]), integer(2)]);
  const positions = graph.node('Range', [integer(0), side, integer(1)]);
  const waves = graph.node('Range', [integer(0), count, integer(1)]);
  const length = floating(side);
  const turns = graph.node('Div', [scalar(2), length]);

  // Full turns are removed in integer arithmetic, so that angles are exact.
  const steps = graph.node('Mul', [graph.node('Unsqueeze', [positions, integer(1, [1])]), waves]);
  const fractions = floating(graph.node('Mod', [steps, side]));
  const angles = graph.node('Mul', [fractions, graph.node('Mul', [turns, scalar(Math.PI)])]);
  const constant = graph.node('Equal', [waves, integer(0)]);
  const norms = graph.node('Sqrt', [
    graph.node('Where', [constant, graph.node('Div', [scalar(1), length]), turns]),
  ]);
  const parts = ['Cos', 'Sin'].map((wave) => graph.node('Mul', [graph.node(wave, [angles]), norms]));
  const basis = graph.node('Concat', parts, { axis: 1 });
  return {
    basis,
    transposed: graph.node('Transpose', [basis], { perm: [1, 0] }),
    frequencies: graph.node('Mul', [floating(waves), turns]),
  };
}

/** The spectrum of the image, 1 x 3 x 2K x 2K, in two parts: waves along (p, q) and waves along (-p, q). */
interface Waves {
  falling: Value;
  rising: Value;
}

/** Subtracts the first pixel, because constants do not matter, so that the spectrum of a constant image is exactly 0. */
function wavesOf(graph: GraphBuilder, image: Value, down: Axis, across: Axis): Waves {
  const [first, second, axes] = [
    [0, 0],
    [1, 1],
    [2, 3],
  ].map((values) => graph.constant(int64(values)));
  const planes = graph.node('Sub', [image, graph.node('Slice', [image, first, second, axes])]);
  const rows = graph.node('MatMul', [planes, across.basis]);
  const spectrum = graph.node('MatMul', [down.transposed, rows]);

  const halve = (value: Value, axis: number) => graph.nodeWithOutputs('Split', [value], 2, { axis });
  const [[cosCos, cosSin], [sinCos, sinSin]] = halve(spectrum, 2).map((part) => halve(part, 3));
  const half = graph.constant(float32([], [0.5]));
  const mean = (op: 'Add' | 'Sub', one: Value, other: Value) =>
    graph.node('Mul', [graph.node(op, [one, other]), half]);
  const square = (parts: Value[]) => {
    const top = graph.node('Concat', parts.slice(0, 2), { axis: 3 });
    const bottom = graph.node('Concat', parts.slice(2), { axis: 3 });
    return graph.node('Concat', [top, bottom], { axis: 2 });
  };
  const falling = [mean('Sub', cosCos, sinSin), mean('Add', cosSin, sinCos)];
  const rising = [mean('Add', cosCos, sinSin), mean('Sub', cosSin, sinCos)];
  const negative = (value: Value) => graph.node('Neg', [value]);
  return {
    falling: square([falling[0], falling[1], falling[1], negative(falling[0])]),
    rising: square([rising[0], rising[1], negative(rising[1]), rising[0]]),
  };
}

/** The parts that the masks of all orientations share, each K x K. */
interface Ring {
  /** Cosine and sine of the direction of the frequency. */
  across: Value;
  down: Value;
  /** The radial mask times the height of the angular mask. */
  height: Value;
}

/** sqrt(Y (1 - Y)) = sin(pi (u + 1)) / 2 for u = log2 r from -1 to 0, and 0 elsewhere. */
function ringOf(graph: GraphBuilder, down: Axis, across: Axis): Ring {
  const scalar = (value: number) => graph.constant(float32([], [value]));
  const rows = graph.node('Unsqueeze', [down.frequencies, graph.constant(int64([1]))]);
  const squares = [rows, across.frequencies].map((values) => graph.node('Mul', [values, values]));
  const radius = graph.node('Sqrt', [graph.node('Add', squares)]);
  // Up to half of Nyquist the logarithm is exactly 0, and so is the mask. This includes frequency 0, which has no direction.
  const raised = graph.node('Max', [radius, scalar(0.5)]);
  const octaves = graph.node('Log', [graph.node('Mul', [raised, scalar(2)])]);
  const height = graph.node('Mul', [
    graph.node('Sin', [graph.node('Mul', [octaves, scalar(Math.PI / Math.LN2)])]),
    scalar(HEIGHT / 2),
  ]);
  return {
    across: graph.node('Div', [across.frequencies, raised]),
    down: graph.node('Div', [rows, raised]),
    height: graph.node('Where', [graph.node('Less', [radius, scalar(1)]), height, scalar(0)]),
  };
}

/** Multiplies waves by height * cos^42 of the angle between their direction and the orientation. */
function masked(graph: GraphBuilder, waves: Value, cosine: Value, height: Value): Value {
  const square = (value: Value) => graph.node('Mul', [value, value]);
  const power2 = square(cosine);
  const power8 = square(square(power2));
  const power32 = square(square(power8));
  const power42 = graph.node('Mul', [power32, graph.node('Mul', [power8, power2])]);
  const negligible = graph.constant(float32([], [NEGLIGIBLE]));
  const angular = graph.node('Relu', [graph.node('Sub', [power42, negligible])]);
  const mask = graph.node('Mul', [height, angular]);
  return graph.node('Mul', [waves, graph.node('Tile', [mask, graph.constant(int64([2, 2]))])]);
}

/** c = 2^(2(K-1)) ((K-1)!)^2 / (K (2(K-1))!) = (2/1 * 4/3 * ... * (2K-2)/(2K-3)) / K. */
function squaredHeight(orientations: number): number {
  let ratio = 1 / orientations;
  for (let n = 1; n < orientations; n++) ratio *= (2 * n) / (2 * n - 1);
  return ratio;
}
