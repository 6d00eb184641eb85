import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { baselineNamed } from '../baselines/registry.ts';
import { knownBackbones } from '../extractors/known-backbones.ts';
import { resolvePatchSize } from '../patch-window.ts';
import { extractors, referenceFor, statisticNamed } from '../registry.ts';
import { parametersFor } from '../statistics/statistic.ts';
import { presetJsonSchema } from './preset-json-schema.ts';
import { presetFile, schemaFor } from './preset.ts';
import { presetNamed, presets } from './presets.ts';

describe('the presets', () => {
  it.each(presets.map((preset) => [preset.name, preset] as const))(
    '%s is a valid preset file',
    (_, preset) => {
      const { title, method } = preset;
      expect(presetFile.parse({ title, method })).toEqual({ title, method });
      expect(schemaFor(method).parse(method)).toEqual(method);
    },
  );

  it.each(presets.map((preset) => [preset.name, preset] as const))(
    '%s refers to existing components',
    (_, { method }) => {
      if ('baseline' in method) return expect(baselineNamed(method.baseline).name).toBe(method.baseline);
      if ('network' in method) return;
      expect([...extractors, ...knownBackbones].map(({ name }) => name)).toContain(method.extractor);
      if (!('statistic' in method)) return;
      const statistic = statisticNamed(method.statistic);
      expect(() => referenceFor(statistic, method.reference)).not.toThrow();
      const { patchSize, parameters } = resolvePatchSize(method, { width: 512, height: 512 }).method;
      expect(() => parametersFor(statistic, { ...parameters, patchSize })).not.toThrow();
    },
  );

  it('have unique names', () => {
    expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
  });

  it('include the 20 methods of Table 1', () => {
    expect(presets.filter(({ name }) => name.startsWith('table1/'))).toHaveLength(20);
    expect(presetNamed('table1/steerable/sww').method).toMatchObject({ patchSize: 25, resize: 256 });
  });
});

describe('docs/preset.schema.json', () => {
  it('is up to date (node src-main/methods/presets/write-json-schema.ts && npm run format)', () => {
    const file = readFileSync(new URL('../../../docs/preset.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(file)).toEqual(presetJsonSchema());
  });
});
