import type { StoredMethod } from '../../../common/api/runs.ts';
import { presetName } from '../../../services/methods/user-presets.ts';
import type { CommandContext } from '../run-command.ts';
import { resolveMethod } from './method-options.ts';

/** The method of a preset or preset file, or the method that has results in the dataset under this label. */
export async function storedMethod(
  name: string,
  dataset: number,
  { services: { methods }, signal }: CommandContext,
): Promise<StoredMethod> {
  const used = (await methods.used({ dataset }, signal)).methods.find(({ label }) => label === name);
  if (used?.definition === null) return used;
  try {
    const definition = await resolveMethod(name);
    return await methods.store({ definition, label: presetName(name) }, signal);
  } catch (thrown) {
    if (used) return used;
    throw thrown;
  }
}
