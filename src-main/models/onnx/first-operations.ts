/** A node of a graph. */
export interface GraphNode {
  operator: string;
  inputs: readonly string[];
  outputs: readonly string[];
}

/** Operators that move or copy values. */
const MOVING = new Set(
  'Cast CastLike Identity Transpose Reshape Squeeze Unsqueeze Flatten Resize Upsample Pad Slice Gather Concat Split Dropout'.split(
    ' ',
  ),
);
/** Operators that only look at a shape. */
const SHAPES = new Set(['Shape', 'Size']);

/** The operators that first compute with a value, in order of execution. */
export function firstOperations(nodes: readonly GraphNode[], value: string): string[] {
  const moved = new Set([value]);
  const found = new Set<string>();
  for (const { operator, inputs, outputs } of nodes) {
    if (SHAPES.has(operator) || !inputs.some((input) => moved.has(input))) continue;
    if (MOVING.has(operator)) outputs.forEach((output) => moved.add(output));
    else found.add(operator);
  }
  return [...found];
}
