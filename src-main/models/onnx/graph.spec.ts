import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { Float } from './attribute.ts';
import { GraphBuilder } from './graph.ts';
import { decodeModel } from './schema.ts';
import { float16, float32, int64 } from './tensor.ts';

describe('a graph runs', () => {
  test('convolution with bias, rectifier and pooling', async () => {
    const graph = new GraphBuilder('small network');
    const image = graph.input('image', 'float32', [1, 1, 'height', 'width']);
    const kernel = graph.constant(float32([1, 1, 1, 2], [1, -1]));
    const bias = graph.constant(float32([1], [0.5]));
    const edges = graph.node('Conv', [image, kernel, bias], { kernel_shape: [1, 2] });
    const positive = graph.node('Relu', [edges]);
    const pooled = graph.node('MaxPool', [positive], { kernel_shape: [1, 2], strides: [1, 2] }, 'pooled');
    graph.output(pooled, 'float32', [1, 1, 'height', 'half']);

    const { dims, data } = await run(graph, 'image', [1, 1, 1, 5], [1, 4, 2, 2, 9]);
    expect(dims).toEqual([1, 1, 1, 2]);
    expect(data).toEqual([2.5, 0.5]);
  });

  test('a branch that uses values of the outer graph', async () => {
    const graph = new GraphBuilder('branches');
    const x = graph.input('x', 'float32', ['n']);
    const many = graph.node('Less', [graph.constant(int64([2], [])), graph.node('Size', [x])]);
    const doubled = graph.subgraph('doubled', (body) => {
      body.output(body.node('Add', [x, x]), 'float32', ['n']);
    });
    const negated = graph.subgraph('negated', (body) => {
      body.output(body.node('Neg', [x]), 'float32', ['n']);
    });
    graph.output(graph.node('If', [many], { then_branch: doubled, else_branch: negated }), 'float32', ['n']);

    expect((await run(graph, 'x', [3], [1, 2, 3])).data).toEqual([2, 4, 6]);
    expect((await run(graph, 'x', [2], [1, 2])).data).toEqual([-1, -2]);
  });

  test('float16 constants, float attributes and omitted inputs', async () => {
    const graph = new GraphBuilder('types');
    const x = graph.input('x', 'float32', ['n']);
    const half = graph.constant(float16([2], Uint16Array.of(0x3e00, 0xc000)));
    const sum = graph.node('Add', [x, graph.node('Cast', [half], { to: 1 })]);
    const leaky = graph.node('LeakyRelu', [sum], { alpha: new Float(0.5) });
    graph.output(graph.node('Clip', [leaky, '', graph.constant(float32([], [2]))]), 'float32', ['n']);

    expect((await run(graph, 'x', [2], [1, 1])).data).toEqual([2, -0.5]);
  });

  test('an operator with several outputs', async () => {
    const graph = new GraphBuilder('split');
    const x = graph.input('x', 'float32', [4]);
    const [first, second] = graph.nodeWithOutputs('Split', [x], 2, { axis: 0 });
    graph.output(graph.node('Sub', [second, first]), 'float32', [2]);

    expect((await run(graph, 'x', [4], [1, 2, 5, 9])).data).toEqual([4, 7]);
  });
});

describe('the file', () => {
  test('is identical for identical calls', () => {
    expect(twice().toBytes()).toEqual(twice().toBytes());
  });

  test('names producer, format, operators, shapes and metadata', () => {
    const model = decodeModel(twice().toBytes({ source: 'here' }));
    expect(model).toMatchObject({
      ir_version: 8,
      producer_name: 'perch',
      opset_import: [{ domain: '', version: 17 }],
      metadata_props: [{ key: 'source', value: 'here' }],
    });
    expect(model.graph).toMatchObject({
      name: 'twice',
      node: [{ op_type: 'Mul', input: ['x', 'constant_0'], output: ['y'] }],
      initializer: [{ name: 'constant_0', dims: [], data_type: 1 }],
    });
    expect(model.graph.input[0].type.tensor_type).toEqual({
      elem_type: 1,
      shape: { dim: [{ dim_value: 3 }, { dim_param: 'width' }] },
    });
  });
});

describe('the graph builder rejects', () => {
  test('a value that no node produces', () => {
    const graph = new GraphBuilder('lost');
    expect(() => graph.node('Relu', ['x'])).toThrow('no node produces x');
    expect(() => graph.output('x', 'float32')).toThrow('no node produces x');
  });

  test('a value of a branch outside it', () => {
    const graph = new GraphBuilder('outside');
    const x = graph.input('x', 'float32', [1]);
    graph.subgraph('branch', (body) => body.output(body.node('Neg', [x], {}, 'inside'), 'float32'));
    expect(() => graph.node('Relu', ['inside'])).toThrow('no node produces inside');
  });

  test('a name that is already used', () => {
    const graph = new GraphBuilder('taken');
    graph.input('x', 'float32', [1]);
    expect(() => graph.input('x', 'float32', [1])).toThrow("the name 'x' is empty or already used");
  });

  test('a fraction for an integer attribute', () => {
    const graph = new GraphBuilder('fraction');
    const x = graph.input('x', 'float32', [1]);
    expect(() => graph.node('LeakyRelu', [x], { alpha: 0.5 })).toThrow('alpha is not an integer');
  });

  test('values that do not fill their shape', () => {
    expect(() => float32([2, 2], [1, 2, 3])).toThrow('3 values do not fill [2, 2]');
  });
});

function twice(): GraphBuilder {
  const graph = new GraphBuilder('twice');
  const x = graph.input('x', 'float32', [3, 'width']);
  graph.output(graph.node('Mul', [x, graph.constant(float32([], [2]))], {}, 'y'), 'float32', [3, 'width']);
  return graph;
}

/** Runs a graph with one input and one output. */
async function run(
  graph: GraphBuilder,
  input: string,
  dims: readonly number[],
  values: readonly number[],
): Promise<{ dims: readonly number[]; data: number[] }> {
  const session = await ort.InferenceSession.create(graph.toBytes());
  const results = await session.run({ [input]: new ort.Tensor('float32', Float32Array.from(values), dims) });
  const result = results[session.outputNames[0]];
  return { dims: result.dims, data: [...(result.data as Float32Array)] };
}
