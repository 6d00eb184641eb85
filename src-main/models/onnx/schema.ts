import protobuf from 'protobufjs';
import { onnxProto } from './onnx-proto.ts';

// The messages of `onnx-proto.ts` with the fields that the writer uses. Names are those of the schema.

export interface ModelProto {
  ir_version: number;
  producer_name: string;
  opset_import: { domain: string; version: number }[];
  graph: GraphProto;
  metadata_props: { key: string; value: string }[];
}

export interface GraphProto {
  name: string;
  node: NodeProto[];
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
}

export interface NodeProto {
  name: string;
  op_type: string;
  input: string[];
  output: string[];
  attribute: AttributeProto[];
}

export interface AttributeProto {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  floats?: number[];
  ints?: number[];
}

export interface TensorProto {
  name: string;
  dims: number[];
  data_type: number;
  raw_data: Uint8Array;
}

export interface ValueInfoProto {
  name: string;
  type: { tensor_type: { elem_type: number; shape?: { dim: Dimension[] } } };
}

export type Dimension = { dim_value: number } | { dim_param: string };

const schema = protobuf.parse(onnxProto, { keepCase: true });
const modelType = schema.root.lookupType('onnx.ModelProto');

/** Numbers of `AttributeProto.AttributeType` by name. */
export const attributeTypes = schema.root.lookupEnum('onnx.AttributeProto.AttributeType').values;

/** Numbers of `TensorProto.DataType` by name. */
export const tensorTypes = schema.root.lookupEnum('onnx.TensorProto.DataType').values;

/** Serializes a model. The same model always produces the same bytes. */
export function encodeModel(model: ModelProto): Uint8Array {
  return modelType.encode(model).finish();
}

/** Deserializes a model. Drops fields that `onnx-proto.ts` does not declare. */
export function decodeModel(bytes: Uint8Array): ModelProto {
  return modelType.toObject(modelType.decode(bytes), { longs: Number, arrays: true }) as ModelProto;
}
