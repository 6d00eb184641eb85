import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { extractSubgraph, type ExternalWeights } from './extract-subgraph.ts';
import { GraphBuilder } from './graph.ts';
import { decodeModel } from './schema.ts';
import { float32, int64 } from './tensor.ts';
import { withExternalWeights } from './test/external.ts';
import { messageField } from './protobuf-fields.ts';

/** A network for 8 x 8 images: two layers that a user may want, and a head that accepts no other size. */
function network(): Uint8Array {
  const graph = new GraphBuilder('net');
  const image = graph.input('pixels', 'float32', [1, 3, 8, 8]);
  const kernel = graph.constant(float32([2, 3, 1, 1], [1, 0, 0, 0, 1, 0]), 'kernel');
  const mixed = graph.node('Conv', [image, kernel], { kernel_shape: [1, 1] }, 'mixed');
  const doubled = graph.node('Add', [mixed, mixed], {}, 'doubled');
  const flat = graph.node('Reshape', [doubled, graph.constant(int64([1, 128]), 'flat_shape')]);
  const head = graph.constant(float32([128, 1], Array<number>(128).fill(1)), 'head');
  graph.output(graph.node('MatMul', [flat, head], {}, 'class'), 'float32', [1, 1]);
  return graph.toBytes({ author: 'someone' });
}

async function run(bytes: Uint8Array, height: number, width: number) {
  const session = await ort.InferenceSession.create(bytes);
  const values = Float32Array.from({ length: 3 * height * width }, (_, i) => i);
  const outputs = await session.run({
    [session.inputNames[0]]: new ort.Tensor(values, [1, 3, height, width]),
  });
  return { names: session.outputNames, output: outputs[session.outputNames[0]] };
}

describe('a subgraph up to a layer', () => {
  it('has that layer as its only output, for images of any size', async () => {
    const { bytes, metadata } = extractSubgraph(network(), { layer: 'doubled' });
    expect(metadata).toEqual({ author: 'someone' });
    const { names, output } = await run(bytes, 2, 3);
    expect(names).toEqual(['doubled']);
    expect(output.dims).toEqual([1, 2, 2, 3]);
    expect([...(output.data as Float32Array)]).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
  });

  it('drops what only later layers need', () => {
    const { graph } = decodeModel(extractSubgraph(network(), { layer: 'mixed' }).bytes);
    expect(graph.node.map(({ name }) => name)).toEqual(['mixed']);
    expect(graph.initializer.map(({ name }) => name)).toEqual(['kernel']);
  });

  it('includes what its nested graphs use', async () => {
    const graph = new GraphBuilder('net');
    const image = graph.input('image', 'float32', [1, 3, 'h', 'w']);
    const twice = graph.node('Add', [image, image], {}, 'twice');
    const yes = graph.node('Equal', [graph.constant(int64([1], [])), graph.constant(int64([1], []))]);
    const branch = (name: string) =>
      graph.subgraph(name, (body) => body.output(body.node('Neg', [twice]), 'float32'));
    const chosen = graph.node('If', [yes], { then_branch: branch('a'), else_branch: branch('b') }, 'chosen');
    graph.output(graph.node('Relu', [chosen]), 'float32');
    const { output } = await run(extractSubgraph(graph.toBytes(), { layer: 'chosen' }).bytes, 1, 1);
    expect([...(output.data as Float32Array)]).toEqual([-0, -2, -4]);
  });

  it('contains the external weights', () => {
    const { model, weights } = withExternalWeights(network(), 'net.data');
    const read: ExternalWeights[] = [];
    const cut = extractSubgraph(model, {
      layer: 'mixed',
      readWeights(external) {
        read.push(external);
        return weights.subarray(external.offset, external.offset + (external.length ?? 0));
      },
    });
    // Those of the head are not needed.
    expect(read).toEqual([{ tensor: 'kernel', location: 'net.data', offset: 0, length: 24 }]);
    expect(cut.hasEmbeddedWeights).toBe(true);
    expect(decodeModel(cut.bytes)).toEqual(decodeModel(extractSubgraph(network(), { layer: 'mixed' }).bytes));
  });

  it('preserves fields unknown to the schema', () => {
    const unknown = messageField(999, Buffer.from('kept'));
    const { bytes } = extractSubgraph(Buffer.concat([network(), unknown]), { layer: 'mixed' });
    expect(Buffer.from(bytes).includes(Buffer.from(unknown))).toBe(true);
  });
});

describe('an unsuitable model', () => {
  const twoInputs = () => {
    const graph = new GraphBuilder('net');
    const [a, b] = ['a', 'b'].map((name) => graph.input(name, 'float32', [1, 3, 'h', 'w']));
    graph.output(graph.node('Add', [a, b], {}, 'sum'), 'float32');
    return graph.toBytes();
  };
  const twoOutputs = () => {
    const graph = new GraphBuilder('net');
    const image = graph.input('image', 'float32', [1, 3, 'h', 'w']);
    for (const op of ['Neg', 'Abs']) graph.output(graph.node(op, [image], {}, op), 'float32');
    return graph.toBytes();
  };

  it.each([
    ['an unknown layer', network(), 'layer9', /no layer "layer9". Its last ones are: class,/],
    ['two inputs', twoInputs(), 'sum', /has 2 inputs \(a, b\)/],
    ['two outputs and no layer', twoOutputs(), undefined, /has 2 outputs.*Neg, Abs/],
    ['no model', Buffer.from('this is text'), undefined, /./],
    ['nothing', new Uint8Array(), undefined, /not an ONNX model/],
    ['an incomplete model', network().subarray(0, 300), 'mixed', /./],
  ])('is rejected: %s', (_, bytes, layer, reason) => {
    expect(() => extractSubgraph(bytes, { layer })).toThrow(reason);
  });

  it('is rejected quickly for any number of fields and any nesting', () => {
    const model = (graph: Uint8Array) => Buffer.concat([Buffer.from([0x08, 8]), messageField(7, graph)]);
    const node = (...fields: Uint8Array[]) => messageField(1, Buffer.concat(fields));
    const relu = node(messageField(1, Buffer.from('x')), messageField(2, Buffer.from('y')));
    const identity = node(messageField(1, Buffer.from('x')), messageField(2, Buffer.from('x')));
    const ends = [
      messageField(11, messageField(1, Buffer.from('x'))),
      messageField(12, messageField(1, Buffer.from('y'))),
    ];
    const many = (piece: Uint8Array, count: number) => Buffer.alloc(count * piece.length, piece);
    let deep: Uint8Array = relu;
    for (let depth = 0; depth < 2000; depth++)
      deep = node(messageField(5, messageField(6, deep)), messageField(2, Buffer.from('y')));
    const bombs: [Uint8Array, RegExp][] = [
      [model(Buffer.concat([many(Buffer.from([0x0a, 0]), 5_000_000), relu, ...ends])), /a million/],
      [model(Buffer.concat([many(identity, 300_000), relu, ...ends])), /300001 nodes/],
      [model(Buffer.concat([deep, ...ends])), /nest deeper than 16/],
      // Groups nest without a length, so a recursive reader would exhaust the stack.
      [
        Buffer.concat([Buffer.from([0x08, 8]), many(Buffer.from([0x0b]), 1_000_000)]),
        /starts no valid field/,
      ],
      [
        model(Buffer.concat([messageField(1, messageField(2, Buffer.alloc(3_000_000, 'y'))), ...ends])),
        /a name of 3000000 bytes/,
      ],
      [
        model(
          Buffer.concat([many(messageField(11, messageField(1, Buffer.from('x'))), 400_000), relu, ends[1]]),
        ),
        /400000 inputs \(x, x, .*and 399988 more/,
      ],
    ];
    for (const [bytes, reason] of bombs) {
      const start = performance.now();
      expect(() => extractSubgraph(bytes)).toThrow(reason);
      expect(performance.now() - start).toBeLessThan(5000);
    }
  });

  it('is rejected if its input is not an image', () => {
    const taking = (type: number, dims: number[]) => {
      const shape = Buffer.concat(dims.map((side) => messageField(1, Buffer.from([0x08, side]))));
      const tensor = Buffer.concat([Buffer.from([0x08, type]), messageField(2, shape)]);
      const input = Buffer.concat([
        messageField(1, Buffer.from('x')),
        messageField(2, messageField(1, tensor)),
      ]);
      const node = messageField(
        1,
        Buffer.concat([messageField(1, Buffer.from('x')), messageField(2, Buffer.from('y'))]),
      );
      const graph = Buffer.concat([
        node,
        messageField(11, input),
        messageField(12, messageField(1, Buffer.from('y'))),
      ]);
      return Buffer.concat([Buffer.from([0x08, 8]), messageField(7, graph)]);
    };
    expect(() => extractSubgraph(taking(7, [1, 3, 8, 8]))).toThrow(/"x" takes int64/);
    expect(() => extractSubgraph(taking(1, [1, 8, 8, 4]))).toThrow(
      /\[1, 8, 8, 4\].*\[1, channels, height, width\]/,
    );
    expect(() => extractSubgraph(taking(1, [1, 3, 8]))).toThrow(/\[1, 3, 8\]/);
    expect(extractSubgraph(taking(1, [8, 3, 8, 8])).input).toMatchObject({ layout: 'nchw', channels: 3 });
  });

  it('is rejected if it has external weights that must not be read', () => {
    // name (8): "w", data_location (14): EXTERNAL
    const tensor = Buffer.from([0x42, 1, 0x77, 0x70, 1]);
    const output = Buffer.concat([Buffer.from([0x0a, 1]), Buffer.from('y')]);
    const node = Buffer.concat([
      Buffer.from([0x0a, 1]),
      Buffer.from('w'),
      Buffer.from([0x12, 1]),
      Buffer.from('y'),
    ]);
    const graph = Buffer.concat([messageField(1, node), messageField(5, tensor), messageField(12, output)]);
    const model = Buffer.concat([Buffer.from([0x08, 8]), messageField(7, graph)]);
    expect(() => extractSubgraph(model)).toThrow(/weights in another file \(w\)/);
  });
});
