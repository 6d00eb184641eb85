import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ICruiseResult } from 'dependency-cruiser';

const project = join(import.meta.dirname, '..');
const SOURCES = /\.(ts|js|svelte|json)$/;

/**
 * The imports that the rules of .dependency-cruiser.js forbid, one line each.
 *
 * dependency-cruiser compiles Svelte components before it reads them, which removes type imports. Therefore
 * it reads a copy of the sources in which each component is replaced by its scripts, as TypeScript.
 *
 * @param root folder of the sources
 * @param files paths below it; files that are not sources are ignored
 */
export function findViolations(root: string, files: readonly string[]): string[] {
  const copy = mkdtempSync(join(tmpdir(), 'perch-layers-'));
  try {
    const sources = files.filter((file) => SOURCES.test(file) && existsSync(join(root, file)));
    for (const file of sources) copySource(root, copy, file);
    for (const file of ['.dependency-cruiser.js', 'tsconfig.json', 'package.json']) {
      cpSync(join(project, file), join(copy, file));
    }
    symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'), 'junction');
    const folders = [...new Set(sources.map((file) => file.split('/')[0]))];
    const components = new Set(sources.filter((file) => file.endsWith('.svelte')));
    return violationsOf(cruise(copy, folders), components);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function copySource(root: string, copy: string, file: string): void {
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  if (!file.endsWith('.svelte')) return cpSync(join(root, file), join(copy, file));
  const scripts = readFileSync(join(root, file), 'utf8').matchAll(/<script[^>]*>(.*?)<\/script>/gs);
  writeFileSync(join(copy, `${file}.ts`), [...scripts].map(([, script]) => script).join('\n'));
}

function cruise(folder: string, sources: string[]): ICruiseResult {
  const command = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [command, '--config', '.dependency-cruiser.js', '--output-type', 'json', ...sources],
    { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser failed:\n${stderr}${stdout}`);
  return JSON.parse(stdout) as ICruiseResult;
}

function violationsOf({ summary }: ICruiseResult, components: ReadonlySet<string>): string[] {
  const nameOf = (path: string) => {
    const component = path.replace(/\.ts$/, '');
    return components.has(component) ? component : path;
  };
  return summary.violations
    .map(({ from, to, rule, cycle }) => {
      const imported = cycle ? cycle.map(({ name }) => nameOf(name)).join(' -> ') : nameOf(to);
      return `${rule.name}: ${nameOf(from)} -> ${imported}`;
    })
    .sort();
}
