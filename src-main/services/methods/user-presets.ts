import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import { dataDirectory } from '../../files/data-dir.ts';
import { readInputFile, readError } from '../../files/read.ts';
import { writeError, writeFileAtomic } from '../../files/write.ts';
import { renameMethodKeys } from '../../store/migrations/method-keys.ts';
import { addedNetworks, networkNamed } from '../../methods/extractors/added-backbones.ts';
import type { Network } from '../../methods/networks/network-record.ts';
import { type Preset, presetFile, schemaFor } from '../../methods/presets/preset.ts';
import { presetNamed } from '../../methods/presets/presets.ts';

const NETWORK = 'network:';

/**
 * A built-in or user preset by its name, a preset by its file, which ends in .json, or an imported network as `network:NAME`.
 *
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_PRESET`, `MODEL_MISSING`, `MODEL_UNUSABLE`, and file errors
 */
export async function loadPreset(nameOrFile: string): Promise<Preset> {
  if (nameOrFile.toLowerCase().endsWith(SUFFIX)) return readPreset(nameOrFile);
  if (nameOrFile.startsWith(NETWORK)) {
    const network = nameOrFile.slice(NETWORK.length);
    return networkPreset(networkNamed(network));
  }
  const own = (await ownNames()).includes(nameOrFile);
  return own ? { ...(await readPreset(ownFile(nameOrFile))), name: nameOrFile } : presetNamed(nameOrFile);
}

/** The imported networks as presets. */
export const listNetworkPresets = (): Preset[] => addedNetworks().map(networkPreset);

const networkPreset = ({ record: { name, title } }: Network): Preset => ({
  name: `${NETWORK}${name}`,
  title,
  method: { network: name },
});

/** The name for methods that `loadPreset` returns: for a file, its name without the extension. */
export function presetName(nameOrFile: string): string {
  if (!nameOrFile.toLowerCase().endsWith(SUFFIX)) return nameOrFile;
  return basename(nameOrFile).slice(0, -SUFFIX.length);
}

/** The user's presets by name. Other files are skipped. */
export async function listUserPresets(): Promise<Preset[]> {
  const read = (await ownNames()).map(async (name) => {
    try {
      return [{ ...(await readPreset(ownFile(name))), name }];
    } catch (thrown) {
      if (thrown instanceof PerchError) return [];
      throw thrown;
    }
  });
  return (await Promise.all(read)).flat();
}

/** Saves a user preset, replacing one with the same name. @throws PerchError `NOT_WRITABLE`, `DISK_FULL` */
export async function saveUserPreset({ name, ...preset }: Preset): Promise<void> {
  await writePreset(ownFile(name), preset);
}

/** @throws PerchError `NOT_FOUND`, `NOT_WRITABLE` */
export async function removeUserPreset(name: string): Promise<void> {
  const names = await ownNames();
  if (!names.includes(name)) {
    const known = names.length > 0 ? `Your presets: ${names.join(', ')}.` : 'None has been saved.';
    throw new PerchError('NOT_FOUND', `You have no preset "${name}". ${known}`);
  }
  await rm(ownFile(name)).catch((cause: unknown) => {
    throw writeError(ownFile(name), cause);
  });
}

const SUFFIX = '.json';

const folder = () => join(dataDirectory(), 'presets');
const ownFile = (name: string) => join(folder(), name + SUFFIX);

async function ownNames(): Promise<string[]> {
  const names = await readdir(folder()).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw readError(folder(), cause);
  });
  return names
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
}

async function readPreset(path: string): Promise<Preset> {
  const text = (await readInputFile(path)).toString('utf8');
  const refuse = (reasons: string, cause?: unknown) =>
    new PerchError('INVALID_PRESET', `${path} is not a preset: ${reasons}.`, cause, { kind: 'show-preset' });
  let given: unknown;
  try {
    given = withCurrentKeys(JSON.parse(text));
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const meant = schemaFor((given as { method?: unknown } | null)?.method);
  const parsed = presetFile.extend({ method: meant }).safeParse(given);
  if (parsed.success) return { name: path, title: parsed.data.title, method: parsed.data.method };
  const reasons = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`,
  );
  throw refuse(reasons.join('; '), parsed.error);
}

/** The content of a preset file, including one from an earlier version. */
function withCurrentKeys(content: unknown): unknown {
  if (content === null || typeof content !== 'object' || !('method' in content)) return content;
  return { ...content, method: renameMethodKeys(content.method) };
}

/** Writes a method as a preset file that `loadPreset` reads. @throws PerchError `NOT_WRITABLE`, `DISK_FULL` */
export async function writePreset(path: string, preset: { title: string; method: AnyMethod }): Promise<void> {
  await writeFileAtomic(path, Buffer.from(presetText(preset)));
}

/** A preset as file content. */
export function presetText({ title, method }: { title: string; method: AnyMethod }): string {
  return `${JSON.stringify({ title, method }, null, 2)}\n`;
}
