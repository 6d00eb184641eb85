import { GraphBuilder } from './onnx/graph.ts';
import type { Value } from './onnx/graph.ts';
import { float32, int64 } from './onnx/tensor.ts';
import { MORLET_RADIUS, gaussian, gaussianRadius, morlet } from './kernels.ts';

/** The embedded extractor's feature map: C x ceil16(H)/4 x ceil16(W)/4 (method.md, section 1b). */
export const GABOR_CHANNELS = 67;
/** Pixels between two feature positions. */
export const GABOR_STRIDE = 4;
/** The image is reflect-padded, right and bottom, to sides that are multiples of this. */
export const GABOR_MULTIPLE = 16;
/** Shortest image side, in pixels: the coarsest level of a smaller image cannot be reflected by a kernel's radius. */
export const GABOR_MINIMUM_SIDE = 33;

const LEVELS = 4;
const ORIENTATIONS = 8;
const COLOURS = 3;
const ENERGIES = LEVELS * ORIENTATIONS;

/** Rows: luminance Y, R - G, (R + G)/2 - B. */
const OPPONENT_COLOURS = [0.299, 0.587, 0.114, 1, -1, 0, 0.5, 0.5, -1];

/** Mean absolute deviation to standard deviation of a normal distribution. */
const SIGMA_PER_DEVIATION = 1.2533;

/** Makes the ONNX model: `image` [1, 3, H, W], RGB in 0..1, to `features` [1, 67, h, w], scaled and weighted. */
export function makeGabor(): Uint8Array {
  const graph = new GraphBuilder('gabor');
  const image = graph.input('image', 'float32', [1, 3, 'height', 'width']);
  const colours = opponentColours(graph, padToMultiple(graph, image));

  const halved = [colours, halve(graph, colours, COLOURS)];
  halved.push(halve(graph, halved[1], COLOURS));
  const luminances = halved.map((planes) => firstPlane(graph, planes));
  luminances.push(halve(graph, luminances[2], 1));

  const energies = luminances.map((plane, level) => toStride4(graph, energy(graph, plane), level));
  const strength = graph.node('Concat', energies, { axis: 1 }, 'strength');
  const orientation = perOrientationMean(graph, strength);
  const deviation = localDeviation(graph, halved[2]);

  const channels = graph.node('Concat', [strength, orientation, deviation], { axis: 1 }, 'channels');
  const features = scaleRobustly(graph, channels);
  graph.output(features, 'float32', [1, GABOR_CHANNELS, 'feature_height', 'feature_width']);
  return graph.toBytes();
}

/** Reflects the right and bottom of the image up to a multiple of 16. */
function padToMultiple(graph: GraphBuilder, image: Value): Value {
  const sides = sidesOf(graph, image);
  const multiple = graph.constant(int64([GABOR_MULTIPLE]));
  const missing = graph.node('Mod', [graph.node('Neg', [sides]), multiple]);
  const none = graph.constant(int64([0, 0, 0, 0, 0, 0]));
  const pads = graph.node('Concat', [none, missing], { axis: 0 });
  return graph.node('Pad', [image, pads], { mode: 'reflect' }, 'padded');
}

function opponentColours(graph: GraphBuilder, image: Value): Value {
  const weights = graph.constant(float32([COLOURS, 3, 1, 1], OPPONENT_COLOURS));
  return graph.node('Conv', [image, weights], { kernel_shape: [1, 1] }, 'colours');
}

/** Height and width of a value, as a vector. */
function sidesOf(graph: GraphBuilder, value: Value): Value {
  return graph.node('Shape', [value], { start: 2 });
}

function firstPlane(graph: GraphBuilder, planes: Value): Value {
  const [start, end, axis] = [0, 1, 1].map((i) => graph.constant(int64([i])));
  return graph.node('Slice', [planes, start, end, axis]);
}

/** Reflects every border by `rows` and `columns`. */
function reflect(graph: GraphBuilder, planes: Value, rows: number, columns: number): Value {
  const pads = graph.constant(int64([0, 0, rows, columns, 0, 0, rows, columns]));
  return graph.node('Pad', [planes, pads], { mode: 'reflect' });
}

/** Every channel by itself to half its sides: [1 3 3 1]/8 along both axes, reflected borders. */
function halve(graph: GraphBuilder, planes: Value, channels: number): Value {
  const taps = [1, 3, 3, 1].map((tap) => tap / 8);
  const square = taps.flatMap((row) => taps.map((column) => row * column));
  const weights = graph.constant(
    float32([channels, 1, 4, 4], Array.from({ length: channels }, () => square).flat()),
  );
  const padded = reflect(graph, planes, 1, 1);
  return graph.node('Conv', [padded, weights], { kernel_shape: [4, 4], strides: [2, 2], group: channels });
}

/** Energies of one plane: 8 orientations of the modulus of its Morlet responses. */
function energy(graph: GraphBuilder, plane: Value): Value {
  const side = 2 * MORLET_RADIUS + 1;
  const kernels = Array.from({ length: ORIENTATIONS }, (_, l) => morlet((Math.PI * l) / ORIENTATIONS));
  const taps = [...kernels.map(({ re }) => re), ...kernels.map(({ im }) => im)].flatMap((k) => [...k]);
  const weights = graph.constant(float32([2 * ORIENTATIONS, 1, side, side], taps));
  const padded = reflect(graph, plane, MORLET_RADIUS, MORLET_RADIUS);
  const responses = graph.node('Conv', [padded, weights], { kernel_shape: [side, side] });
  const squares = graph.node('Mul', [responses, responses]);
  const pairs = Array.from({ length: ORIENTATIONS }, (_, l) =>
    Array.from({ length: 2 * ORIENTATIONS }, (_, k) => (k % ORIENTATIONS === l ? 1 : 0)),
  ).flat();
  const sums = graph.node(
    'Conv',
    [
      squares,
      graph.constant(float32([ORIENTATIONS, 2 * ORIENTATIONS, 1, 1], pairs)),
      graph.constant(float32([ORIENTATIONS], Array(ORIENTATIONS).fill(1e-12))),
    ],
    { kernel_shape: [1, 1] },
  );
  return graph.node('Sqrt', [sums]);
}

/** Brings the energies of a level (stride 2^level) to the stride of the features. */
function toStride4(graph: GraphBuilder, energies: Value, level: number): Value {
  if (level === 0) return halve(graph, halve(graph, energies, ORIENTATIONS), ORIENTATIONS);
  if (level === 1) return halve(graph, energies, ORIENTATIONS);
  if (level === 2) return energies;
  return enlarge(graph, energies, 2);
}

/** Bilinear, half-pixel centres, edges clamped. */
function enlarge(graph: GraphBuilder, planes: Value, factor: number): Value {
  const scales = graph.constant(float32([4], [1, 1, factor, factor]));
  return graph.node('Resize', [planes, '', scales], {
    mode: 'linear',
    coordinate_transformation_mode: 'half_pixel',
  });
}

/** Every channel blurred by a Gaussian, with reflected borders: planes must be larger than its radius. */
function blur(graph: GraphBuilder, planes: Value, channels: number, sigma: number): Value {
  const radius = gaussianRadius(sigma);
  const taps = [...gaussian(sigma)];
  const every = Array.from({ length: channels }, () => taps).flat();
  const down = graph.constant(float32([channels, 1, taps.length, 1], every));
  const across = graph.constant(float32([channels, 1, 1, taps.length], every));
  const padded = reflect(graph, planes, radius, radius);
  const rows = graph.node('Conv', [padded, down], { kernel_shape: [taps.length, 1], group: channels });
  return graph.node('Conv', [rows, across], { kernel_shape: [1, taps.length], group: channels });
}

/** Group O: each energy against the mean of its level's orientations around it. */
function perOrientationMean(graph: GraphBuilder, strength: Value): Value {
  const average = Array.from({ length: LEVELS * ENERGIES }, (_, i) => {
    const [level, channel] = [Math.floor(i / ENERGIES), i % ENERGIES];
    return Math.floor(channel / ORIENTATIONS) === level ? 1 / ORIENTATIONS : 0;
  });
  const weights = graph.constant(float32([LEVELS, ENERGIES, 1, 1], average));
  const mean = graph.node('Conv', [strength, weights], { kernel_shape: [1, 1] });
  const overall = graph.node('ReduceMean', [mean], { axes: [2, 3] });
  const floor = graph.node('Add', [
    graph.node('Mul', [overall, graph.constant(float32([], [0.2]))]),
    graph.constant(float32([], [1e-7])),
  ]);
  const around = graph.node('Add', [blur(graph, mean, LEVELS, 2), floor]);
  const grouped = graph.node('Reshape', [strength, graph.constant(int64([LEVELS, ORIENTATIONS, -1]))]);
  const against = graph.node('Reshape', [around, graph.constant(int64([LEVELS, 1, -1]))]);
  const ratio = graph.node('Div', [grouped, against]);
  return graph.node('Reshape', [ratio, graph.node('Shape', [strength])], {}, 'orientation');
}

/** Group D: luminance and colours without their local mean, which is taken at stride 16. */
function localDeviation(graph: GraphBuilder, colours: Value): Value {
  const sigma = 3;
  const coarse = halve(graph, halve(graph, colours, COLOURS), COLOURS);
  const shortest = graph.node('ReduceMin', [sidesOf(graph, coarse)], { keepdims: 0 });
  const radius = graph.constant(int64([gaussianRadius(sigma)], []));
  const tooSmall = graph.node('LessOrEqual', [shortest, radius]);
  const local = graph.node('If', [tooSmall], {
    then_branch: graph.subgraph('mean', (body) => {
      body.output(body.node('ReduceMean', [coarse], { axes: [2, 3] }), 'float32');
    }),
    else_branch: graph.subgraph('blur', (body) => {
      body.output(enlarge(body, blur(body, coarse, COLOURS, sigma), 4), 'float32');
    }),
  });
  return graph.node('Sub', [colours, local], {}, 'deviation');
}

/** Scales every channel by its own robust mean and deviation, limits it to 5 of them and weights it. */
function scaleRobustly(graph: GraphBuilder, channels: Value): Value {
  const perGroup = (s: number, o: number, y: number, colour: number) =>
    graph.constant(
      float32(
        [GABOR_CHANNELS, 1],
        [...Array<number>(ENERGIES).fill(s), ...Array<number>(ENERGIES).fill(o), y, colour, colour],
      ),
    );
  const scalar = (value: number) => graph.constant(float32([], [value]));
  const flat = graph.node('Reshape', [channels, graph.constant(int64([GABOR_CHANNELS, -1]))]);
  const mean = (values: Value) => graph.node('ReduceMean', [values], { axes: [1] });

  let middle = mean(flat);
  let spread = middle;
  for (let pass = 0; pass < 2; pass++) {
    const distance = graph.node('Abs', [graph.node('Sub', [flat, middle])]);
    spread = graph.node('Mul', [mean(distance), scalar(SIGMA_PER_DEVIATION)]);
    const reach = graph.node('Mul', [spread, scalar(2)]);
    const above = graph.node('Max', [flat, graph.node('Sub', [middle, reach])]);
    middle = mean(graph.node('Min', [above, graph.node('Add', [middle, reach])]));
  }
  const floored = graph.node('Add', [spread, perGroup(1e-4, 1e-3, 1e-3, 5e-3)]);
  const score = graph.node('Div', [graph.node('Sub', [flat, middle]), floored]);
  const limited = graph.node('Clip', [score, scalar(-5), scalar(5)]);
  const unit = graph.node('Add', [graph.node('Mul', [limited, scalar(0.1)]), scalar(0.5)]);
  const weighted = graph.node('Mul', [unit, perGroup(0.15625, 0.1171875, 1, 1)]);
  return graph.node('Reshape', [weighted, graph.node('Shape', [channels])], {}, 'features');
}
