import { Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { inspectionRegion, type InspectionRegion } from '../../../common/api/regions.ts';
import { readRegular } from '../../../files/read.ts';

export const regionOption = () =>
  new Option('--region <file>', 'inspect only the region in a JSON file, in pixels of every image');

/** The help text for region files. */
export const REGION_FILE_HELP = `
A region file is JSON. Every field is optional:
  { "include": [{ "type": "rectangle", "left": 20, "top": 16, "width": 400, "height": 300 }],
    "exclude": [{ "type": "polygon", "points": [[50, 60], [90, 60], [70, 110]] }],
    "border": 8 }
Pixels are inspected if they are in a shape of "include" (or "include" is empty), in no shape of "exclude", and at least "border"
pixels from each side of the image.`;

const regionFile = inspectionRegion.extend({
  include: inspectionRegion.shape.include.default([]),
  exclude: inspectionRegion.shape.exclude.default([]),
  border: inspectionRegion.shape.border.default(0),
});

/**
 * Reads an inspection region from a JSON file.
 *
 * @throws PerchError `INVALID_ARGUMENT` if the content is not a region; file errors
 */
export async function readRegionFile(path: string): Promise<InspectionRegion> {
  const refuse = (reason: string, cause: unknown) =>
    new PerchError('INVALID_ARGUMENT', `${path} is not an inspection region: ${reason}.`, cause);
  const text = (await readRegular(path)).toString('utf8');
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const parsed = regionFile.safeParse(given);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues
    .slice(0, 3)
    .map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`);
  throw refuse(reasons.join('; '), parsed.error);
}
