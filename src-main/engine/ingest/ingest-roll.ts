import type { EngineRequests } from '../protocol/messages.ts';
import { mergeLargeMasks } from '../masks/large-mask.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';
import { ingestPixels } from './ingest-large.ts';
import { noteProblems } from './problems.ts';

/** Ingests the frames of a folder as one image. */
export async function ingestRoll(
  { path, direction, masks, normal = false }: EngineRequests['ingestImage']['request'],
  { signal, report }: Pick<HandlerContext, 'signal' | 'report'>,
): Promise<EngineRequests['ingestImage']['response']> {
  const { pixels, tile } = await ingestPixels(
    { path, direction },
    { signal, report: (fraction) => report({ stage: 'decode', fraction }) },
  );
  const { width, height, sha256, frames, resolution } = pixels;
  const image = { width, height, orientation: 1, path, isNormal: normal };
  const { mask, problems } = await mergeLargeMasks(masks, image, signal);
  return {
    sha256,
    frames,
    orientation: 1,
    tiles: [{ ...tile, ...(mask && { mask }) }],
    problems: [...noteProblems(path, pixels), ...problems],
    ...(resolution && { resolution }),
  };
}
