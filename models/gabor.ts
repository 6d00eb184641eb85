import {
  GABOR67_SCALING,
  GABOR_LEVELS,
  GABOR_ORIENTATIONS,
  GABOR_SCALING,
} from '../src-main/methods/extractors/gabor-scaling.ts';
import {
  DEVIATION_LIMIT,
  type RobustConstants,
  SIGMA_PER_DEVIATION,
} from '../src-main/methods/extractors/scaling.ts';
import { GraphBuilder } from '../src-main/models/onnx/graph.ts';
import type { Value } from '../src-main/models/onnx/graph.ts';
import { float32, int64 } from '../src-main/models/onnx/tensor.ts';
import { MORLET_RADIUS, gaussianRadius, morlet } from './wavelets.ts';
import { blur, enlarge, halve, mix, outer, pad, perChannel, reflect, sidesOf } from './graph-ops.ts';

/** Pixels between two feature positions. */
export const GABOR_STRIDE = 4;
/** The image is padded by reflection at the right and bottom, to sides that are multiples of this. */
export const GABOR_MULTIPLE = 16;
/**
 * Minimum image side in pixels. In a smaller image, the coarsest level is too small for padding by the kernel
 * radius.
 */
export const GABOR_MINIMUM_SIDE = 33;

const LEVELS = GABOR_LEVELS;
const ORIENTATIONS = GABOR_ORIENTATIONS;
const COLORS = 3;
const ENERGIES = LEVELS * ORIENTATIONS;

/** Luminance and two opponent colors, R - G and (R + G)/2 - B, which are 0 for gray: rows of a matrix for (R, G, B). */
const LUMINANCE = [0.299, 0.587, 0.114];
const OPPONENT_COLORS = [...LUMINANCE, 1, -1, 0, 0.5, 0.5, -1];

/** Channels of the features, C x ceil16(H)/4 x ceil16(W)/4 (docs/method.md, sections 1b and 1c). */
export const GABOR_CHANNELS = GABOR_SCALING.weights.length;
export const GABOR67_CHANNELS = GABOR67_SCALING.weights.length;

/** Builds the ONNX model from `image` [1, 3, H, W], RGB in 0..1, to `features` [1, 70, h, w], scaled and weighted, and `channels`, unscaled. */
export function buildGabor(): Uint8Array {
  return buildPyramid('gabor', GABOR_SCALING, localExtremes);
}

/**
 * Builds the earlier model, which has neither the local extremes nor weights per level: `features` [1, 67, h,
 * w].
 */
export function buildGabor67(): Uint8Array {
  return buildPyramid('gabor', GABOR67_SCALING);
}

/**
 * The local means of `gabor`: `image` [1, 3, H, W] to `means` [1, 4, H / 16, W / 16], blurred luminance and opponent colors as group D
 * subtracts them, and the luminance as the extremes do. They look farther than everything else.
 */
export function buildGaborMeans(): Uint8Array {
  return buildMeans('gabor_means', true);
}

/** The same for `gabor67`, which has no extremes: 3 channels. */
export function buildGabor67Means(): Uint8Array {
  return buildMeans('gabor67_means', false);
}

/**
 * The part of `gabor` that depends on a small neighborhood: `image` [1, 3, H, W] and its `means` to `local` [1, 42, h, w], which are the
 * channels S, the blurred means of the energies per level (4), D and the local extremes, unscaled.
 */
export function buildGaborLocal(): Uint8Array {
  return buildLocal('gabor_local', true);
}

/** The same for `gabor67`, without the local extremes. */
export function buildGabor67Local(): Uint8Array {
  return buildLocal('gabor67_local', false);
}

/**
 * The constants of an image from its local features: `local` to `floors` [1, 4, 1, 1], `middle` and `spread` [70, 1]. What `gabor`
 * computes from them is the same to the last bit.
 */
export function buildGaborConstants(): Uint8Array {
  return buildConstants('gabor_constants', GABOR_SCALING);
}

/** The features from local features and constants: `local`, `floors`, `middle`, `spread` to `features`. */
export function buildGaborCompletion(): Uint8Array {
  return buildCompletion('gabor_completion', GABOR_SCALING);
}

export function buildGabor67Constants(): Uint8Array {
  return buildConstants('gabor67_constants', GABOR67_SCALING);
}

export function buildGabor67Completion(): Uint8Array {
  return buildCompletion('gabor67_completion', GABOR67_SCALING);
}

/** The groups of local features. */
function localGroups(graph: GraphBuilder, channels: number): { strength: Value; around: Value; rest: Value } {
  const local = graph.input('local', 'float32', [1, channels, 'feature_height', 'feature_width']);
  const ends = [ENERGIES, ENERGIES + LEVELS, channels];
  return {
    strength: slice(graph, local, 0, ends[0]),
    around: slice(graph, local, ends[0], ends[1]),
    rest: slice(graph, local, ends[1], ends[2]),
  };
}

const localChannels = ({ weights }: RobustConstants) => weights.length - ENERGIES + LEVELS;

function buildConstants(name: string, scaling: RobustConstants): Uint8Array {
  const graph = new GraphBuilder(name);
  const { strength, around, rest } = localGroups(graph, localChannels(scaling));
  const floor = orientationFloor(graph, levelMeans(graph, strength));
  const orientation = divideByMean(graph, strength, around, floor);
  const channels = graph.node('Concat', [strength, orientation, rest], { axis: 1 });
  const flat = graph.node('Reshape', [channels, graph.constant(int64([scaling.weights.length, -1]))]);
  const { middle, floored } = robustConstants(graph, flat, scaling.floors);
  graph.output(graph.node('Identity', [floor], {}, 'floors'), 'float32', [1, LEVELS, 1, 1]);
  graph.output(graph.node('Identity', [middle], {}, 'middle'), 'float32', [scaling.weights.length, 1]);
  graph.output(graph.node('Identity', [floored], {}, 'spread'), 'float32', [scaling.weights.length, 1]);
  return graph.toBytes();
}

function buildCompletion(name: string, scaling: RobustConstants): Uint8Array {
  const graph = new GraphBuilder(name);
  const { weights } = scaling;
  const { strength, around, rest } = localGroups(graph, localChannels(scaling));
  const floor = graph.input('floors', 'float32', [1, LEVELS, 1, 1]);
  const middle = graph.input('middle', 'float32', [weights.length, 1]);
  const floored = graph.input('spread', 'float32', [weights.length, 1]);
  const orientation = divideByMean(graph, strength, around, floor);
  const channels = graph.node('Concat', [strength, orientation, rest], { axis: 1 });
  const flat = graph.node('Reshape', [channels, graph.constant(int64([weights.length, -1]))]);
  const weighted = standardize(graph, flat, { middle, floored }, weights);
  const features = graph.node('Reshape', [weighted, graph.node('Shape', [channels])], {}, 'features');
  graph.output(features, 'float32', [1, weights.length, 'feature_height', 'feature_width']);
  return graph.toBytes();
}

function buildMeans(name: string, hasExtremes: boolean): Uint8Array {
  const graph = new GraphBuilder(name);
  const image = graph.input('image', 'float32', [1, 3, 'height', 'width']);
  const images = halvedImages(graph, image);
  const means = [blurredColors(graph, mix(graph, images[2], OPPONENT_COLORS))];
  if (hasExtremes) means.push(blurredLuminance(graph, images[3]));
  const output = graph.node('Concat', means, { axis: 1 }, 'means');
  graph.output(output, 'float32', [1, COLORS + means.length - 1, 'mean_height', 'mean_width']);
  return graph.toBytes();
}

function buildLocal(name: string, hasExtremes: boolean): Uint8Array {
  const graph = new GraphBuilder(name);
  const { images, strength } = buildEnergies(graph);
  const means = graph.input('means', 'float32', [1, hasExtremes ? 4 : 3, 'mean_height', 'mean_width']);
  const around = blur(graph, levelMeans(graph, strength), LEVELS, 2);
  const colors = mix(graph, images[2], OPPONENT_COLORS);
  const deviation = graph.node('Sub', [colors, enlarge(graph, slice(graph, means, 0, COLORS), 4)]);
  const groups = [strength, around, deviation];
  if (hasExtremes) groups.push(extremesAround(graph, images, slice(graph, means, COLORS, COLORS + 1)));
  const channels = ENERGIES + LEVELS + COLORS + (hasExtremes ? 3 : 0);
  const local = graph.node('Concat', groups, { axis: 1 }, 'local');
  graph.output(local, 'float32', [1, channels, 'feature_height', 'feature_width']);
  return graph.toBytes();
}

/** The channels from `from` up to `to`. */
function slice(graph: GraphBuilder, planes: Value, from: number, to: number): Value {
  const [start, end, axis] = [from, to, 1].map((value) => graph.constant(int64([value])));
  return graph.node('Slice', [planes, start, end, axis]);
}

/** The padded image, its halved versions, and the energies of all levels at the stride of the features. */
function buildEnergies(graph: GraphBuilder): { images: Value[]; strength: Value } {
  const image = graph.input('image', 'float32', [1, 3, 'height', 'width']);
  const images = halvedImages(graph, image);

  const wavelets = morletWeights(graph);
  const energies = images.map((rgb, level) => {
    return energyAtStride4(graph, mix(graph, rgb, LUMINANCE), wavelets, level);
  });
  return { images, strength: graph.node('Concat', energies, { axis: 1 }, 'strength') };
}

/** The padded image, and halved once, twice and three times. */
function halvedImages(graph: GraphBuilder, image: Value): Value[] {
  const images = [padToMultiple(graph, image)];
  for (let level = 1; level < LEVELS; level++) images.push(halve(graph, images[level - 1], COLORS));
  return images;
}

function buildPyramid(
  name: string,
  scaling: RobustConstants,
  extraChannels?: (graph: GraphBuilder, images: readonly Value[]) => Value,
): Uint8Array {
  const graph = new GraphBuilder(name);
  const { images, strength } = buildEnergies(graph);
  const orientation = perOrientationMean(graph, strength);
  const deviation = localDeviation(graph, mix(graph, images[2], OPPONENT_COLORS));

  const groups = [strength, orientation, deviation];
  if (extraChannels) groups.push(extraChannels(graph, images));
  const channels = graph.node('Concat', groups, { axis: 1 }, 'channels');
  const features = scaleRobustly(graph, channels, scaling);
  const shape = [1, scaling.weights.length, 'feature_height', 'feature_width'];
  graph.output(features, 'float32', shape);
  graph.output(channels, 'float32', shape);
  return graph.toBytes();
}

/** Pads the image by reflection at the right and bottom, to a multiple of 16. */
function padToMultiple(graph: GraphBuilder, image: Value): Value {
  const sides = sidesOf(graph, image);
  const multiple = graph.constant(int64([GABOR_MULTIPLE]));
  const missing = graph.node('Mod', [graph.node('Neg', [sides]), multiple]);
  const none = graph.constant(int64([0, 0, 0, 0, 0, 0]));
  const pads = graph.node('Concat', [none, missing], { axis: 0 });
  return graph.node('Pad', [image, pads], { mode: 'reflect' }, 'padded');
}

/** Constants of the energy computation, shared by all levels. */
interface Wavelets {
  /** The real parts of 8 Morlet wavelets, then the imaginary ones. */
  responses: Value;
  /** Sums the squares of the real and imaginary parts. */
  pairs: Value;
  /** Keeps the argument of the square root above 0. */
  floor: Value;
}

function morletWeights(graph: GraphBuilder): Wavelets {
  const side = 2 * MORLET_RADIUS + 1;
  const kernels = orientedMorlets();
  const taps = [...kernels.map(({ re }) => re), ...kernels.map(({ im }) => im)].flatMap((part) => [...part]);
  const pairs = Array.from({ length: 2 * ORIENTATIONS ** 2 }, (_, i) => {
    const [orientation, part] = [Math.floor(i / (2 * ORIENTATIONS)), i % (2 * ORIENTATIONS)];
    return part % ORIENTATIONS === orientation ? 1 : 0;
  });
  return {
    responses: graph.constant(float32([2 * ORIENTATIONS, 1, side, side], taps), 'wavelets'),
    pairs: graph.constant(float32([ORIENTATIONS, 2 * ORIENTATIONS, 1, 1], pairs)),
    floor: graph.constant(float32([ORIENTATIONS], Array<number>(ORIENTATIONS).fill(1e-12))),
  };
}

const orientedMorlets = () =>
  Array.from({ length: ORIENTATIONS }, (_, l) => morlet((Math.PI * l) / ORIENTATIONS));

/** The energies of a level at the stride of the features. */
function energyAtStride4(graph: GraphBuilder, plane: Value, wavelets: Wavelets, level: number): Value {
  if (level === 0) return halve(graph, halvedEnergy(graph, plane, wavelets), ORIENTATIONS);
  if (level === 1) return halvedEnergy(graph, plane, wavelets);
  const radius = MORLET_RADIUS;
  const energies = energy(graph, reflect(graph, plane, [radius, radius, radius, radius]), wavelets, 1);
  return level === 2 ? energies : enlarge(graph, energies, 2);
}

/**
 * Computes `halve` of the energies of a plane without storing them at full size. Energies at even and odd rows and columns are
 * computed one after the other, in a quarter of the memory. Of the taps 1 3 3 1, even positions get 3 1 and odd positions 1 3;
 * reflection at the border becomes repetition of the edge.
 */
function halvedEnergy(graph: GraphBuilder, plane: Value, wavelets: Wavelets): Value {
  const radius = MORLET_RADIUS;
  const parts = [0, 1, 2, 3].map((phase) => {
    const [row, column] = [phase >> 1, phase & 1];
    const pads = [radius - row, radius - column, radius - 1 + row, radius - 1 + column];
    const energies = energy(graph, reflect(graph, plane, pads), wavelets, 2);
    const repeated = pad(graph, energies, [row, column, 1 - row, 1 - column], 'edge');
    const [down, across] = [row, column].map((odd) => (odd ? [1, 3] : [3, 1]));
    const weights = perChannel(graph, ORIENTATIONS, [2, 2], outer(down, across, 1 / 64));
    return graph.node('Conv', [repeated, weights], { kernel_shape: [2, 2], group: ORIENTATIONS });
  });
  return parts.reduce((sum, part) => graph.node('Add', [sum, part]));
}

/** The magnitudes of the responses of a padded plane to 8 Morlet wavelets, at every `stride`-th position. */
function energy(graph: GraphBuilder, plane: Value, wavelets: Wavelets, stride: number): Value {
  const side = 2 * MORLET_RADIUS + 1;
  const responses = graph.node('Conv', [plane, wavelets.responses], {
    kernel_shape: [side, side],
    strides: [stride, stride],
  });
  const squares = graph.node('Mul', [responses, responses]);
  const sums = graph.node('Conv', [squares, wavelets.pairs, wavelets.floor], { kernel_shape: [1, 1] });
  return graph.node('Sqrt', [sums]);
}

/** The mean of the energies over the orientations of each level. */
function levelMeans(graph: GraphBuilder, strength: Value): Value {
  const average = Array.from({ length: LEVELS * ENERGIES }, (_, i) => {
    const [level, channel] = [Math.floor(i / ENERGIES), i % ENERGIES];
    return Math.floor(channel / ORIENTATIONS) === level ? 1 / ORIENTATIONS : 0;
  });
  const weights = graph.constant(float32([LEVELS, ENERGIES, 1, 1], average));
  return graph.node('Conv', [strength, weights], { kernel_shape: [1, 1] });
}

/** Group O: each energy divided by the local mean over the orientations of its level. */
function perOrientationMean(graph: GraphBuilder, strength: Value): Value {
  const mean = levelMeans(graph, strength);
  const floor = orientationFloor(graph, mean);
  return divideByMean(graph, strength, blur(graph, mean, LEVELS, 2), floor);
}

/** What is added to the local means, so that noise is not amplified where there is no texture: 1 x 4 x 1 x 1. */
function orientationFloor(graph: GraphBuilder, mean: Value): Value {
  const overall = graph.node('ReduceMean', [mean], { axes: [2, 3] });
  return graph.node('Add', [
    graph.node('Mul', [overall, graph.constant(float32([], [0.2]))]),
    graph.constant(float32([], [1e-7])),
  ]);
}

function divideByMean(graph: GraphBuilder, strength: Value, blurred: Value, floor: Value): Value {
  const around = graph.node('Add', [blurred, floor]);
  const grouped = graph.node('Reshape', [strength, graph.constant(int64([LEVELS, ORIENTATIONS, -1]))]);
  const against = graph.node('Reshape', [around, graph.constant(int64([LEVELS, 1, -1]))]);
  const ratio = graph.node('Div', [grouped, against]);
  return graph.node('Reshape', [ratio, graph.node('Shape', [strength])], {}, 'orientation');
}

/** Group D: luminance and opponent colors minus their local mean, which is computed at stride 16. */
function localDeviation(graph: GraphBuilder, colors: Value): Value {
  const sigma = 3;
  const coarse = halve(graph, halve(graph, colors, COLORS), COLORS);
  const shortest = graph.node('ReduceMin', [sidesOf(graph, coarse)], { keepdims: 0 });
  const radius = graph.constant(int64([gaussianRadius(sigma)], []));
  const tooSmall = graph.node('LessOrEqual', [shortest, radius]);
  const local = graph.node('If', [tooSmall], {
    then_branch: graph.subgraph('mean', (body) => {
      body.output(body.node('ReduceMean', [coarse], { axes: [2, 3] }), 'float32');
    }),
    else_branch: graph.subgraph('blur', (body) => {
      body.output(enlarge(body, blur(body, coarse, COLORS, sigma), 4), 'float32');
    }),
  });
  return graph.node('Sub', [colors, local], {}, 'deviation');
}

/** The blurred colors at stride 16 of an image that is not too small for the blur. */
const blurredColors = (graph: GraphBuilder, colors: Value) =>
  blur(graph, halve(graph, halve(graph, colors, COLORS), COLORS), COLORS, 3);

/** The blurred luminance at stride 16, likewise. @param eighth the image halved three times */
const blurredLuminance = (graph: GraphBuilder, eighth: Value) =>
  blur(graph, halve(graph, mix(graph, eighth, LUMINANCE), 1), 1, 3);

/**
 * The darkest and brightest values of 2 x 2 positions of the luminance minus its local mean, and the
 * strongest response to a dark line over all orientations.
 */
function localExtremes(graph: GraphBuilder, images: readonly Value[]): Value {
  const eighth = images[3];
  return extremesAround(
    graph,
    images,
    blurredOrMean(graph, halve(graph, mix(graph, eighth, LUMINANCE), 1), 3),
  );
}

/** @param local the local mean of the luminance at stride 16 */
function extremesAround(graph: GraphBuilder, [full, , quarter]: readonly Value[], local: Value): Value {
  const detail = graph.node('Sub', [mix(graph, full, LUMINANCE), enlarge(graph, local, 16)]);
  const halved = halve(graph, detail, 1);
  const brightest = highestOf4(graph, halved);
  const darkest = graph.node('Neg', [highestOf4(graph, graph.node('Neg', [halved]))]);

  const side = 2 * MORLET_RADIUS + 1;
  const radius = MORLET_RADIUS;
  const plane = reflect(graph, mix(graph, quarter, LUMINANCE), [radius, radius, radius, radius]);
  // The real part of a wavelet responds positively to bright lines and negatively to dark ones.
  const lines = orientedMorlets().flatMap(({ re }) => [...re]);
  const kernels = graph.constant(float32([ORIENTATIONS, 1, side, side], lines));
  const responses = graph.node('Conv', [plane, kernels], { kernel_shape: [side, side] });
  const strongest = graph.node('ReduceMax', [graph.node('Neg', [responses])], { axes: [1] });
  return graph.node('Concat', [darkest, brightest, graph.node('Relu', [strongest])], { axis: 1 }, 'extremes');
}

function highestOf4(graph: GraphBuilder, planes: Value): Value {
  return graph.node('MaxPool', [planes], { kernel_shape: [2, 2], strides: [2, 2] });
}

/** A blurred plane; its mean everywhere if a side does not exceed the radius. */
function blurredOrMean(graph: GraphBuilder, plane: Value, sigma: number): Value {
  const shortest = graph.node('ReduceMin', [sidesOf(graph, plane)], { keepdims: 0 });
  const radius = graph.constant(int64([gaussianRadius(sigma)], []));
  return graph.node('If', [graph.node('LessOrEqual', [shortest, radius])], {
    then_branch: graph.subgraph('mean_plane', (body) => {
      const mean = body.node('ReduceMean', [plane], { axes: [2, 3] });
      body.output(body.node('Expand', [mean, body.node('Shape', [plane])]), 'float32');
    }),
    else_branch: graph.subgraph('blur_plane', (body) => {
      body.output(blur(body, plane, 1, sigma), 'float32');
    }),
  });
}

/** The robust mean of each channel, and its standard deviation plus the floor: two columns. */
function robustConstants(
  graph: GraphBuilder,
  flat: Value,
  floors: readonly number[],
): { middle: Value; floored: Value } {
  const scalar = (value: number) => graph.constant(float32([], [value]));
  const mean = (values: Value) => graph.node('ReduceMean', [values], { axes: [1] });
  let middle = mean(flat);
  let spread = middle;
  for (let pass = 0; pass < 2; pass++) {
    const distance = graph.node('Abs', [graph.node('Sub', [flat, middle])]);
    spread = graph.node('Mul', [mean(distance), scalar(SIGMA_PER_DEVIATION)]);
    const reach = graph.node('Mul', [spread, scalar(2)]);
    const raised = graph.node('Max', [flat, graph.node('Sub', [middle, reach])]);
    middle = mean(graph.node('Min', [raised, graph.node('Add', [middle, reach])]));
  }
  return { middle, floored: graph.node('Add', [spread, column(graph, floors)]) };
}

/** Standardizes each channel, clips it at 5 deviations and weights it. */
function standardize(
  graph: GraphBuilder,
  flat: Value,
  { middle, floored }: { middle: Value; floored: Value },
  weights: readonly number[],
): Value {
  const scalar = (value: number) => graph.constant(float32([], [value]));
  const score = graph.node('Div', [graph.node('Sub', [flat, middle]), floored]);
  const limited = graph.node('Clip', [score, scalar(-DEVIATION_LIMIT), scalar(DEVIATION_LIMIT)]);
  const slope = column(
    graph,
    weights.map((weight) => weight / (2 * DEVIATION_LIMIT)),
  );
  const half = column(
    graph,
    weights.map((weight) => weight / 2),
  );
  return graph.node('Add', [graph.node('Mul', [limited, slope]), half]);
}

/** Scales each channel by its robust mean and standard deviation. */
function scaleRobustly(graph: GraphBuilder, channels: Value, { floors, weights }: RobustConstants): Value {
  const flat = graph.node('Reshape', [channels, graph.constant(int64([weights.length, -1]))]);
  const weighted = standardize(graph, flat, robustConstants(graph, flat, floors), weights);
  return graph.node('Reshape', [weighted, graph.node('Shape', [channels])], {}, 'features');
}

const column = (graph: GraphBuilder, values: readonly number[]) =>
  graph.constant(float32([values.length, 1], values));
