import { writeNpy } from '../../common/maps/npy.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { EngineRequests } from '../../engine/protocol/messages.ts';
import { writeFileAtomic } from '../../files/write.ts';
import { decideMapFile } from '../recipes/decide-map-file.ts';
import { deviceLabel } from './device-label.ts';
import type { FolderRequest, ImageSource, Inspected } from './folder-request.ts';
import { resultEndings } from './previous-results.ts';
import { summarizeMap } from './summarize-map.ts';

/** An image to inspect, and the path of its output files without their endings. */
export interface Job {
  source: ImageSource;
  output: string;
}

export type JobOutcome = { source: ImageSource } & ({ done: Inspected } | { error: unknown });

/** Writes the anomaly map of an image, and decides the image if there is a recipe. */
export async function writeMap(
  answer: EngineRequests['inspect']['response'],
  { source: { path }, output }: Job,
  { recipe }: FolderRequest,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<Inspected> {
  const { placed, notes, seconds, chosen, imageScore } = answer;
  const files = {
    map: output + resultEndings.map,
    heatmap: output + resultEndings.heatmap,
    overlay: output + resultEndings.overlay,
    mask: output + resultEndings.mask,
  };
  const { values, height, width } = placed.map;
  await writeFileAtomic(files.map, writeNpy({ shape: [height, width], values }));
  const { map: _, region: __, ...placement } = placed;
  const decided = recipe && (await decideMapFile(engine, { path: files.map, placement }, recipe, signal));
  return {
    path,
    notes,
    inspection: {
      ...summarizeMap(placed, seconds, deviceLabel(answer, engine.info?.device ?? '')),
      ...(chosen && { chosen }),
      ...(imageScore !== undefined && { imageScore }),
    },
    files,
    ...(decided && { decided }),
  };
}
