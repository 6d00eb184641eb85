import { expect, it } from 'vitest';
import { describeCodePaths } from './diagnose.ts';

it.each([
  [['avx2', 'portable'] as const, 'code paths avx2, portable'],
  [['neon', 'portable'] as const, 'code paths neon, portable; neon was tested under emulation only'],
  [[], 'missing; Perch uses the TypeScript fallback'],
])('describes the code paths %j', (isas, description) => {
  expect(describeCodePaths(isas)).toBe(description);
});
