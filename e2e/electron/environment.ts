import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The application to run. */
export interface Application {
  packaged: boolean;
  /** `process.resourcesPath`. */
  resources: string;
  /** `process.execPath` of the packaged application. */
  executable: string;
  /** `app.getAppPath()`. */
  path: string;
  /** Main file. */
  main: string;
  name: string;
  version: string;
  /** The process's arguments after the executable. */
  args: string[];
}

interface PackageJson {
  main?: string;
  name?: string;
  productName?: string;
  version?: string;
}

/** The Node.js that runs the stand-in. `process.execPath` is set to the application's path. */
export const node = process.execPath;

const ELECTRON_VERSION = '45.4.1';

/** The Electron version that the stand-in models. */
export const versions = { electron: ELECTRON_VERSION, chrome: '150.0.0.0' };

/**
 * Finds the application: `STAND_IN_RESOURCES` (a resources folder in which `app.asar` is a folder), or the
 * first argument that is not a switch.
 */
export function findApplication(args: string[], env: NodeJS.ProcessEnv): Application {
  const resources = env['STAND_IN_RESOURCES'];
  if (resources !== undefined) return packaged(resources, args, env);
  const named = args.find((argument) => !argument.startsWith('-'));
  if (named === undefined) throw new Error('The stand-in needs a main file: electron main.js');
  const place = resolve(named);
  // Electron's default application reads package.json only for a folder.
  const folder = statSync(place).isDirectory();
  const json = folder ? readPackage(place) : {};
  return {
    packaged: false,
    resources: join(import.meta.dirname, 'resources'),
    executable: process.execPath,
    path: folder ? place : dirname(place),
    main: folder ? join(place, json.main ?? 'index.js') : place,
    name: json.productName ?? json.name ?? 'Electron',
    version: json.version ?? ELECTRON_VERSION,
    args,
  };
}

function packaged(resources: string, args: string[], env: NodeJS.ProcessEnv): Application {
  const path = join(resources, 'app.asar');
  if (existsSync(path) && statSync(path).isFile())
    throw new Error(
      `${path} is an archive, but the stand-in reads only folders. Unpack it first (see README.md).`,
    );
  const json = readPackage(path);
  return {
    packaged: true,
    resources,
    executable: env['STAND_IN_EXECUTABLE'] ?? join(resources, '..', 'perch'),
    path,
    main: join(path, json.main ?? 'index.js'),
    name: json.productName ?? json.name ?? 'Electron',
    version: json.version ?? ELECTRON_VERSION,
    args,
  };
}

function readPackage(folder: string): PackageJson {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PackageJson) : {};
}

export const application = findApplication(process.argv.slice(2), process.env);
