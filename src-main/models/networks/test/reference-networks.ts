// The networks layer by layer in float64 with simple loops, as torchvision defines them. Tests compare the
// graphs with them.

export interface Planes {
  values: Float64Array;
  channels: number;
  height: number;
  width: number;
}

export type Weights = Record<string, Float32Array>;

const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

export function plainVgg19(image: Planes, weights: Weights): Planes {
  const layer = (planes: Planes, name: string) => {
    const out = convolution(planes, weights[`${name}.weight`], { side: 3, stride: 1, padding: 1 });
    return map(out, (value, channel) => value + weights[`${name}.bias`][channel]);
  };
  const first = layer(normalized(image), 'features.0');
  const second = layer(relu(first), 'features.2');
  const values = new Float64Array(first.values.length + second.values.length);
  values.set(scaled(first).values);
  values.set(scaled(second).values, first.values.length);
  return { ...first, channels: first.channels + second.channels, values };
}

export function plainWideResnet50(image: Planes, weights: Weights): Planes {
  return scaled(plainWideResnet50Layers(image, weights, ['layer1', 'layer2'])[1]);
}

const BLOCKS = { layer1: 3, layer2: 4, layer3: 6 };

/** The outputs of the first layers, unscaled. */
export function plainWideResnet50Layers(
  image: Planes,
  weights: Weights,
  layers: readonly (keyof typeof BLOCKS)[],
): Planes[] {
  const layer = (planes: Planes, conv: string, bn: string, side: number, stride: number) => {
    const out = convolution(planes, weights[`${conv}.weight`], { side, stride, padding: (side - 1) / 2 });
    const [gain, offset, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
      (name) => weights[`${bn}.${name}`],
    );
    return map(out, (value, c) => ((value - mean[c]) / Math.sqrt(variance[c] + 1e-5)) * gain[c] + offset[c]);
  };
  let planes = maxPool(relu(layer(normalized(image), 'conv1', 'bn1', 7, 2)));
  const outputs: Planes[] = [];
  for (const stage of layers) {
    const count = BLOCKS[stage];
    for (let index = 0; index < count; index++) {
      const path = `${stage}.${index}`;
      const stride = stage !== 'layer1' && index === 0 ? 2 : 1;
      const one = relu(layer(planes, `${path}.conv1`, `${path}.bn1`, 1, 1));
      const two = relu(layer(one, `${path}.conv2`, `${path}.bn2`, 3, stride));
      const three = layer(two, `${path}.conv3`, `${path}.bn3`, 1, 1);
      const shortcut =
        index === 0 ? layer(planes, `${path}.downsample.0`, `${path}.downsample.1`, 1, stride) : planes;
      planes = relu({ ...three, values: three.values.map((value, i) => value + shortcut.values[i]) });
    }
    outputs.push(planes);
  }
  return outputs;
}

export function normalized(image: Planes): Planes {
  return map(image, (value, channel) => (value - MEAN[channel]) / STD[channel]);
}

function relu(planes: Planes): Planes {
  return map(planes, (value) => Math.max(value, 0));
}

function map(planes: Planes, change: (value: number, channel: number) => number): Planes {
  const plane = planes.height * planes.width;
  return { ...planes, values: planes.values.map((value, i) => change(value, Math.floor(i / plane))) };
}

/** Scales each channel to 0..1 by its minimum and maximum. */
export function scaled(planes: Planes): Planes {
  const plane = planes.height * planes.width;
  const own = Array.from({ length: planes.channels }, (_, channel) =>
    planes.values.subarray(channel * plane, (channel + 1) * plane),
  );
  const low = own.map((values) => values.reduce((least, value) => Math.min(least, value)));
  const high = own.map((values) => values.reduce((most, value) => Math.max(most, value)));
  return map(planes, (value, channel) => (value - low[channel]) / (high[channel] - low[channel] + 1e-8));
}

interface Window {
  side: number;
  stride: number;
  padding: number;
}

function outputSide(length: number, { side, stride, padding }: Window): number {
  return Math.floor((length + 2 * padding - side) / stride) + 1;
}

/** With zeros beyond the border. */
function convolution(input: Planes, kernel: Float32Array, window: Window): Planes {
  const { side, stride, padding } = window;
  const channels = kernel.length / (input.channels * side * side);
  const height = outputSide(input.height, window);
  const width = outputSide(input.width, window);
  const values = new Float64Array(channels * height * width);
  for (let out = 0; out < channels; out++) {
    for (let i = 0; i < input.channels; i++) {
      for (let tap = 0; tap < side * side; tap++) {
        const [dy, dx] = [Math.floor(tap / side) - padding, (tap % side) - padding];
        const weight = kernel[(out * input.channels + i) * side * side + tap];
        for (let y = 0; y < height; y++) {
          const row = y * stride + dy;
          if (row < 0 || row >= input.height) continue;
          for (let x = 0; x < width; x++) {
            const column = x * stride + dx;
            if (column < 0 || column >= input.width) continue;
            values[(out * height + y) * width + x] +=
              weight * input.values[(i * input.height + row) * input.width + column];
          }
        }
      }
    }
  }
  return { values, channels, height, width };
}

/** 3 x 3, stride 2, padding 1. */
function maxPool(input: Planes): Planes {
  const window = { side: 3, stride: 2, padding: 1 };
  const height = outputSide(input.height, window);
  const width = outputSide(input.width, window);
  const values = new Float64Array(input.channels * height * width).fill(-Infinity);
  for (let i = 0; i < values.length; i++) {
    const [channel, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    for (let row = Math.max(2 * y - 1, 0); row <= Math.min(2 * y + 1, input.height - 1); row++) {
      for (let column = Math.max(2 * x - 1, 0); column <= Math.min(2 * x + 1, input.width - 1); column++) {
        values[i] = Math.max(values[i], input.values[(channel * input.height + row) * input.width + column]);
      }
    }
  }
  return { values, channels: input.channels, height, width };
}

/** Bilinear with half-pixel centers and clamped edges, as PyTorch's `interpolate` by size. */
export function enlarged(planes: Planes, { height, width }: Pick<Planes, 'height' | 'width'>): Planes {
  const taps = (length: number, from: number) =>
    Array.from({ length }, (_, i) => {
      const at = Math.max(((i + 0.5) * from) / length - 0.5, 0);
      const low = Math.floor(at);
      return { low, high: Math.min(low + 1, from - 1), weight: at - low };
    });
  const [rows, columns] = [taps(height, planes.height), taps(width, planes.width)];
  const values = new Float64Array(planes.channels * height * width);
  for (let i = 0; i < values.length; i++) {
    const [c, y, x] = [
      Math.floor(i / (height * width)),
      rows[Math.floor(i / width) % height],
      columns[i % width],
    ];
    const at = (row: number, column: number) =>
      planes.values[(c * planes.height + row) * planes.width + column];
    const top = at(y.low, x.low) * (1 - x.weight) + at(y.low, x.high) * x.weight;
    const bottom = at(y.high, x.low) * (1 - x.weight) + at(y.high, x.high) * x.weight;
    values[i] = top * (1 - y.weight) + bottom * y.weight;
  }
  return { values, channels: planes.channels, height, width };
}

/** PyTorch's `adaptive_avg_pool1d`. */
function pooled(values: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, i) => {
    const start = Math.floor((i * values.length) / length);
    const end = Math.ceil(((i + 1) * values.length) / length);
    return values.slice(start, end).reduce((sum, value) => sum + value, 0) / (end - start);
  });
}

/** PatchCore's features as its authors publish them: neighborhoods, enlarged to the first layer's size, pooled twice. */
export function plainPatchcoreFeatures(layers: readonly Planes[]): Planes {
  const [{ height, width }] = layers;
  const unfolded = layers.map((planes) => enlarged(neighborhoods(planes), layers[0]));
  const values = new Float64Array(1024 * height * width);
  for (let i = 0; i < height * width; i++) {
    const perLayer = unfolded.flatMap((planes) => {
      const vector = Array.from({ length: planes.channels }, (_, c) => planes.values[c * height * width + i]);
      return pooled(vector, 1024);
    });
    pooled(perLayer, 1024).forEach((value, c) => (values[c * height * width + i] = value));
  }
  return { values, channels: 1024, height, width };
}

/** Channels in the order channel, row, column of the 3 x 3 neighborhood, zeros beyond the border. */
function neighborhoods({ values, channels, height, width }: Planes): Planes {
  const unfolded = new Float64Array(9 * channels * height * width);
  for (let i = 0; i < unfolded.length; i++) {
    const [channel, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    const [c, dy, dx] = [Math.floor(channel / 9), Math.floor((channel % 9) / 3) - 1, (channel % 3) - 1];
    const [row, column] = [y + dy, x + dx];
    if (row >= 0 && row < height && column >= 0 && column < width)
      unfolded[i] = values[(c * height + row) * width + column];
  }
  return { values: unfolded, channels: 9 * channels, height, width };
}
