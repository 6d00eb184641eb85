/**
 * Writes `dist/licenses.txt`: the licenses of everything in a package. `npm run build` runs it after the bundles, which list
 * their packages (`build.license` of Vite).
 */
import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Part {
  name: string;
  version: string;
  /** SPDX expression. */
  identifier?: string;
  text?: string;
}

const root = join(import.meta.dirname, '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8').trim();
const modules = (pattern: string) => globSync(pattern, { cwd: join(root, 'node_modules') }).sort();

/** Modules that are packaged unbundled, as installed on this machine. */
const packaged = [
  'electron',
  ...modules('node-{bin-,}{linux,darwin,win}-*'),
  'onnxruntime-node',
  'onnxruntime-common',
  'better-sqlite3',
  'sharp',
  'detect-libc',
  'semver',
  ...modules('@img/*'),
];

/** Copyright holders that packages do not name. */
const holders: Record<string, string> = {
  'onnxruntime-node': 'Microsoft Corporation',
  'onnxruntime-common': 'Microsoft Corporation',
};

const notes: Record<string, string> = {
  electron:
    'Electron contains Chromium; LICENSES.chromium.html of this installation has the licenses of its parts.',
  'onnxruntime-node':
    'ONNX Runtime contains other software: https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt',
};

function partOf(name: string): Part {
  const folder = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(read('node_modules', name, 'package.json')) as {
    version: string;
    license?: string;
  };
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  // The README of libvips lists the libraries that it contains, with their licenses.
  const readme = /libvips|sharp-win32/.test(name) ? 'README.md' : undefined;
  const sources = [file, readme].filter((source) => source !== undefined);
  const texts = sources.map((source) => read('node_modules', name, source));
  const text = [...(texts.length > 0 ? texts : withoutFile(name)), notes[name]];
  return {
    name,
    version,
    ...(license !== undefined && { identifier: license }),
    text: text.filter(Boolean).join('\n\n'),
  };
}

function bundled(): Part[] {
  const lists = globSync('dist/*/licenses/*.json', { cwd: root });
  const listed = lists.flatMap((path) => JSON.parse(read(path)) as Part[]);
  return listed.map((part) => (part.text ? part : { ...part, text: withoutFile(part.name).join() }));
}

/** The text of a license that a package names but does not contain. */
function withoutFile(name: string): string[] {
  const { license, author } = JSON.parse(read('node_modules', name, 'package.json')) as {
    license?: string;
    author?: string | { name: string };
  };
  const holder = typeof author === 'string' ? author : author?.name;
  return license === 'MIT' ? [mit(holders[name] ?? holder ?? `the authors of ${name}`)] : [];
}

function mit(holder: string): string {
  return `Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}

const unique = new Map<string, Part>();
for (const part of [...bundled(), ...packaged.map(partOf)]) unique.set(`${part.name}@${part.version}`, part);
const parts = [...unique.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
const silent = parts.filter(({ text }) => !text);
if (silent.length > 0)
  throw new Error(`These parts have no license: ${silent.map(({ name }) => name).join(', ')}.`);

const rule = '='.repeat(100);
const section = (title: string, text: string) => `${rule}\n${title}\n${rule}\n\n${text}\n`;
const notices = join(root, 'dist/onnxruntime-notices.txt');
writeFileSync(
  join(root, 'dist/licenses.txt'),
  [
    section('Perch (MIT)', read('LICENSE')),
    `Perch contains the following third-party software.\n\n${parts
      .map(({ name, version, identifier }) => `  ${name} ${version}${identifier ? ` (${identifier})` : ''}`)
      .join('\n')}\n`,
    ...parts.map(({ name, version, text }) => section(`${name} ${version}`, text as string)),
    // A release downloads these (.github/workflows/release.yml).
    ...(existsSync(notices) ? [section('Parts of ONNX Runtime', readFileSync(notices, 'utf8'))] : []),
    section('GNU Lesser General Public License, version 3', read('packaging/licenses/LGPL-3.0.txt')),
    section('GNU General Public License, version 3', read('packaging/licenses/GPL-3.0.txt')),
  ].join('\n\n'),
);
