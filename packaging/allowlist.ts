import { posix } from 'node:path';

/** A pattern of files that a package may contain. The package must contain at least one of them. */
export interface Allowed {
  /** Glob, relative to the folder of resources (packaging/contents.ts). */
  pattern: string;
  reason: string;
  /** Whether a package may lack it. */
  optional?: boolean;
  /** Whether it must be a binary for the package's platform and CPU. */
  native?: boolean;
}

const UNPACKED = 'app.asar.unpacked';
const MODULES = `${UNPACKED}/node_modules`;

/** Every file of a package, relative to its resources. A file that no pattern matches fails the build. */
export function allowlist(platform: string, arch: string): Allowed[] {
  const machine = `${platform}-${arch}`;
  const windows = platform === 'win32';
  return [
    { pattern: 'app.asar/package.json', reason: "Electron reads the entry and the desktop file's name" },
    { pattern: 'app.asar/LICENSE', reason: 'license of Perch' },
    { pattern: 'app.asar/dist/electron/{main.js,preload.cjs}', reason: 'main process and preload script' },
    { pattern: 'app.asar/dist/renderer/{index.html,icon.svg}', reason: 'the page' },
    {
      pattern: 'app.asar/dist/renderer/assets/{index,*.worker}-????????.js',
      reason: 'the page and its workers',
    },
    { pattern: 'app.asar/dist/renderer/assets/index-????????.css', reason: "the page's style" },
    { pattern: 'app.asar/assets/icons/perch.png', reason: "the window's icon" },

    { pattern: `${UNPACKED}/dist/engine/{main,probe-provider,probe-cuda}.mjs`, reason: 'the engine' },
    { pattern: `${UNPACKED}/dist/cli/{perch,bench-worker}.mjs`, reason: 'the command line' },
    {
      pattern: `${UNPACKED}/models/{{gabor,gabor67}{,_means,_constants,_local,_completion},laws,nn_search,random,steerable,steerable_unscaled}.onnx`,
      reason: 'graphs of extractors',
    },
    { pattern: `${UNPACKED}/assets/samples/README.md`, reason: 'describes the sample textures' },
    {
      pattern: `${UNPACKED}/assets/samples/*/{ground_truth/*/*_mask,test/*/???}.png`,
      reason: 'the sample textures',
    },
    { pattern: `${UNPACKED}/native/build/Release/perch.node`, reason: 'the native core', native: true },
    {
      pattern: `${UNPACKED}/native/build/Release/perch_cuda.{so,dll}`,
      reason: 'the CUDA kernels, where they were built',
      native: true,
      optional: true,
    },
    { pattern: `${UNPACKED}/native/wasm/{perch.wasm,worker.js}`, reason: 'the core as WebAssembly' },

    { pattern: `${MODULES}/better-sqlite3/{package.json,LICENSE}`, reason: 'the store' },
    { pattern: `${MODULES}/better-sqlite3/lib/{*,methods/*}.js`, reason: 'the store' },
    { pattern: `${MODULES}/better-sqlite3/prebuilds/${machine}.node`, reason: 'the store', native: true },

    { pattern: `${MODULES}/sharp/{package.json,LICENSE,dist/*.{cjs,mjs}}`, reason: 'decoding of images' },
    { pattern: `${MODULES}/{detect-libc,semver}/**/*.{js,json}`, reason: 'sharp finds its binary' },
    { pattern: `${MODULES}/{detect-libc,semver}/{LICENSE,range.bnf}`, reason: 'sharp finds its binary' },
    { pattern: `${MODULES}/@img/colour/{package.json,*.cjs}`, reason: 'colors of sharp' },
    {
      pattern: `${MODULES}/@img/sharp-${machine}/{package.json,LICENSE,index.cjs${windows ? ',versions.json' : ''}}`,
      reason: 'sharp finds its binary',
    },
    { pattern: `${MODULES}/@img/sharp-${machine}/lib/sharp-*.node`, reason: 'sharp', native: true },
    ...(windows
      ? [{ pattern: `${MODULES}/@img/sharp-${machine}/lib/libvips-*.dll`, reason: 'libvips', native: true }]
      : [
          {
            pattern: `${MODULES}/@img/sharp-libvips-${machine}/{package,versions}.json`,
            reason: 'sharp finds libvips',
          },
          {
            pattern: `${MODULES}/@img/sharp-libvips-${machine}/lib/libvips-cpp.*`,
            reason: 'libvips',
            native: true,
          },
        ]),

    { pattern: `${MODULES}/onnxruntime-common/{,dist/cjs/}package.json`, reason: 'ONNX Runtime' },
    { pattern: `${MODULES}/onnxruntime-common/dist/cjs/*.js`, reason: 'ONNX Runtime' },
    { pattern: `${MODULES}/onnxruntime-node/{package.json,dist/*.js}`, reason: 'ONNX Runtime' },
    {
      pattern: `${MODULES}/onnxruntime-node/bin/napi-v6/${platform}/${arch}/onnxruntime_binding.node`,
      reason: 'ONNX Runtime',
      native: true,
    },
    {
      pattern: `${MODULES}/onnxruntime-node/bin/napi-v6/${platform}/${arch}/${libraries[platform]}`,
      reason: 'ONNX Runtime and its providers',
      native: true,
    },

    {
      pattern: `node/${windows ? 'node.exe' : 'node'}`,
      reason: 'runs engine and command line',
      native: true,
    },
    { pattern: `bin/${windows ? 'perch.cmd' : 'perch'}`, reason: 'starts the command line' },
    { pattern: 'licenses.txt', reason: 'licenses of everything in the package, shown by the window' },
    ...ofBuilder(platform),
  ];
}

const libraries: Record<string, string> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: '{onnxruntime,DirectML,dxcompiler,dxil}.dll',
};

/** Files that Electron and electron-builder add. */
function ofBuilder(platform: string): Allowed[] {
  const update = {
    pattern: '{app-update.yml,package-type}',
    reason: 'electron-updater, in releases',
    optional: true,
  };
  if (platform === 'linux')
    return [
      update,
      { pattern: 'apparmor-profile', reason: 'installed by the Debian package', optional: true },
    ];
  if (platform === 'win32')
    return [update, { pattern: 'elevate.exe', reason: 'the installer for updates', optional: true }];
  return [
    update,
    { pattern: '{icon,electron}.icns', reason: "the application's icon", optional: true },
    { pattern: '*.lproj/**', reason: "Electron's translations", optional: true },
    { pattern: '{LICENSE.electron.txt,LICENSES.chromium.html}', reason: 'licenses', optional: true },
  ];
}

/** Whether a pattern matches a file. */
export function names({ pattern }: Allowed, path: string): boolean {
  return posix.matchesGlob(path, pattern);
}
