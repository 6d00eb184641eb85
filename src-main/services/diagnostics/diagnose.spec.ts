import { expect, it } from 'vitest';
import { describeCodePaths } from './diagnose.ts';

it.each([
  [['avx2', 'portable', 'wasm'] as const, 'code paths avx2, portable, wasm'],
  [['neon', 'portable'] as const, 'code paths neon, portable; neon was tested under emulation only'],
  [['wasm'] as const, 'code paths wasm; the native module was not built'],
])('describes the code paths %j', (isas, description) => {
  expect(describeCodePaths(isas)).toBe(description);
});
