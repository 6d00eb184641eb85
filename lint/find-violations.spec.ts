import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findViolations } from './find-violations.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'perch-sources-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function violationsIn(files: Record<string, string>): string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return findViolations(root, Object.keys(files));
}

describe('the rules of layers', () => {
  it('accept an import of a lower layer', () => {
    const files = {
      'src-main/methods/blur.ts': `import { reflect } from '../common/maps/reflect.ts';\nexport const blur = reflect;`,
      'src-main/common/maps/reflect.ts': 'export const reflect = 1;',
    };
    expect(violationsIn(files)).toEqual([]);
  });

  it('refuse an import of a higher layer, even of a type', () => {
    const files = {
      'src-main/methods/method.ts': 'export interface Method { name: string }',
      'src-main/common/maps/a.ts': `import type { Method } from '../../methods/method.ts';\nexport type A = Method;`,
      'src-main/engine/main.ts': `import '../services/runs.ts';`,
      'src-main/services/runs.ts': '',
    };
    expect(violationsIn(files)).toEqual([
      'layer-src-main/common/maps: src-main/common/maps/a.ts -> src-main/methods/method.ts',
      'layer-src-main/engine: src-main/engine/main.ts -> src-main/services/runs.ts',
    ]);
  });

  it('refuse an import of one host by another', () => {
    const files = {
      'src-main/hosts/web/server.ts': `import '../cli/perch.ts';`,
      'src-main/hosts/cli/perch.ts': '',
    };
    expect(violationsIn(files)).toEqual([
      'hosts-apart: src-main/hosts/web/server.ts -> src-main/hosts/cli/perch.ts',
    ]);
  });

  it('refuse a type import of a Svelte component from a layer that the page does not know', () => {
    const files = {
      'src-renderer/screens/Runs.svelte': `<script lang="ts">\n  import type { Store } from '../../src-main/store/store.ts';\n  let store: Store;\n</script>`,
      'src-main/store/store.ts': 'export interface Store { name: string }',
    };
    expect(violationsIn(files)).toEqual([
      'layer-src-renderer: src-renderer/screens/Runs.svelte -> src-main/store/store.ts',
    ]);
  });

  it('refuse Node in the page', () => {
    const files = {
      'src-main/common/maps/a.ts': `import { readFileSync } from 'node:fs';\nreadFileSync('a');`,
    };
    expect(violationsIn(files)).toEqual(['page-without-node: src-main/common/maps/a.ts -> fs']);
  });

  it('refuse native modules in the page, and Electron outside its host', () => {
    const files = {
      'src-renderer/api/a.ts': `import sharp from 'sharp';\nsharp();`,
      'src-main/services/b.ts': `import { app } from 'electron';\napp.quit();`,
    };
    expect(violationsIn(files)).toEqual([
      expect.stringContaining('hosts-only: src-main/services/b.ts'),
      expect.stringContaining('page-without-native-modules: src-renderer/api/a.ts'),
    ]);
  });

  it('refuse circular imports, even through a type import of a component', () => {
    const files = {
      'src-renderer/state/a.svelte.ts': `import B from './B.svelte';\nexport interface A { b: B }`,
      'src-renderer/state/B.svelte': `<script lang="ts">\n  import type { A } from './a.svelte.ts';\n  let a: A;\n</script>`,
    };
    expect(violationsIn(files)).toEqual([
      expect.stringMatching(/^no-circular: .*(B\.svelte -> .*a\.svelte\.ts|a\.svelte\.ts -> .*B\.svelte)/),
    ]);
  });
});
