// The layers of ARCHITECTURE.md. `npm run lint:layers` checks them, including type imports of Svelte components.

/**
 * The layers. A file belongs to the first layer whose folder contains it, and may import its own layer and
 * the listed ones. `common` is short for everything below src-main/common. @type {Record<string, string[]>}
 */
export const layers = {
  'src-main/common/api': ['src-main/common'],
  'src-main/common/maps': ['src-main/common/api', 'src-main/common'],
  'src-main/common/audit': ['src-main/common/api', 'src-main/common'],
  'src-main/common/charts': ['src-main/common/api', 'src-main/common/maps', 'src-main/common'],
  'src-main/common/decisions': ['src-main/common/api', 'src-main/common/maps', 'src-main/common'],
  'src-main/common/grading': ['src-main/common/api', 'src-main/common/decisions', 'src-main/common'],
  'src-main/common': [],
  'src-main/platform': ['common'],
  'src-main/files': ['common', 'src-main/platform'],
  'src-main/metrics': ['common', 'src-main/files'],
  'src-main/methods': ['common', 'src-main/files', 'src-main/platform', 'src-main/metrics'],
  'src-main/models': ['common', 'src-main/files'],
  'src-main/store': ['common', 'src-main/files'],
  'src-main/engine/protocol': [
    'common',
    'src-main/files',
    'src-main/metrics',
    'src-main/methods',
    'src-main/models',
  ],
  'src-main/engine/client': [
    'common',
    'src-main/files',
    'src-main/platform',
    'src-main/metrics',
    'src-main/methods',
    'src-main/models',
    'src-main/engine/protocol',
  ],
  'src-main/engine': [
    'common',
    'src-main/files',
    'src-main/platform',
    'src-main/metrics',
    'src-main/methods',
    'src-main/models',
    'src-main/engine/protocol',
  ],
  'src-main/services': [
    'common',
    'src-main/files',
    'src-main/platform',
    'src-main/metrics',
    'src-main/methods',
    'src-main/models',
    'src-main/store',
    'src-main/engine/protocol',
    'src-main/engine/client',
  ],
  'src-main/hosts/cli': ['src-main'],
  'src-main/hosts/web': ['src-main'],
  'src-main/hosts/electron': ['src-main'],
  'src-main/hosts': ['src-main'],
  'src-renderer': ['common'],
};

/** Folders of src-renderer, in order: each may import those before it. @type {string[]} */
export const rendererFolders = [
  'reactivity',
  'api',
  'format',
  'metrics',
  'charts',
  'viewer',
  'image-cache',
  'mask',
  'annotation',
  'state',
  'app',
  'shortcuts',
  'components',
  'screens',
  'frame',
  'display',
];

/** Tests, and files that only tests use, may import any layer. */
const TESTS = String.raw`\.spec\.ts$|\.fake\.ts$|\.reference\.ts$|/test/`;

/**
 * Folders of scripts: they import the product, but the product never imports them. Data files do not count as
 * dependencies.
 */
const SCRIPTS = '^(models|assets|e2e|packaging|lint|native)/.*[.](ts|js)$';

const LIBRARIES_OF_HOSTS = '(^|/)node_modules/(electron|commander|cli-progress|ws)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'No file may import itself through other files, not even for a type.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(layers).map(([folder, allowed]) => ({
      name: `layer-${folder}`,
      comment: `${folder} may import ${allowed.join(', ') || 'no other layer'} (ARCHITECTURE.md).`,
      severity: /** @type {const} */ ('error'),
      from: { path: `^${folder}/`, pathNot: [...foldersBelow(folder), TESTS] },
      to: { path: '^src-(main|renderer)/', pathNot: [folder, ...allowed].map(pathOf) },
    })),
    {
      name: 'hosts-apart',
      comment: 'Hosts may share only what is directly in src-main/hosts.',
      severity: 'error',
      from: { path: '^src-main/hosts/([^/]+)/', pathNot: TESTS },
      to: { path: '^src-main/hosts/[^/]+/', pathNot: '^src-main/hosts/$1/' },
    },
    {
      name: 'no-scripts',
      comment: 'The product does not import build scripts, tests or packaging.',
      severity: 'error',
      from: { path: '^src-', pathNot: TESTS },
      to: { path: SCRIPTS },
    },
    {
      name: 'no-tests',
      comment: 'The product does not import files that only tests use.',
      severity: 'error',
      from: { path: '^src-', pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'page-without-node',
      comment: 'src-main/common and src-renderer run in the page, which has no Node.',
      severity: 'error',
      from: { path: '^src-(main/common|renderer)/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'page-without-native-modules',
      comment: 'The page cannot load native modules or Electron.',
      severity: 'error',
      from: { path: '^src-(main/common|renderer)/', pathNot: TESTS },
      to: { path: '(^|/)node_modules/(electron|sharp|better-sqlite3|onnxruntime-node)/' },
    },
    {
      name: 'hosts-only',
      comment: 'Services and the engine run behind every host and depend on none.',
      severity: 'error',
      from: { path: '^src-main/', pathNot: ['^src-main/hosts/', TESTS] },
      to: { path: LIBRARIES_OF_HOSTS },
    },
    ...rendererFolders.map((folder, index) => ({
      name: `renderer-${folder}`,
      comment: `The folders of src-renderer import in one direction: ${rendererFolders.join(' <- ')}.`,
      severity: /** @type {const} */ ('error'),
      from: { path: `^src-renderer/${folder}/`, pathNot: TESTS },
      to: {
        path: '^src-renderer/',
        pathNot: rendererFolders.slice(0, index + 1).map((allowed) => `^src-renderer/${allowed}/`),
      },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|release|native/build)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};

/** Layers inside a folder that has its own rules. @param {string} folder */
function foldersBelow(folder) {
  return Object.keys(layers)
    .filter((other) => other.startsWith(`${folder}/`))
    .map((other) => `^${other}/`);
}

/** The files of a layer. If a folder contains layers, only the files directly in it. @param {string} layer */
function pathOf(layer) {
  if (layer === 'common') return '^src-main/common/';
  if (layer === 'src-main') return '^src-main/';
  const below = foldersBelow(layer).map((path) => path.slice(layer.length + 2, -1));
  return below.length === 0 ? `^${layer}/` : `^${layer}/(?!(${below.join('|')})/)`;
}
