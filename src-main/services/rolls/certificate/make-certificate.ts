import type { RollDefects } from '../../../common/api/rolls.ts';
import type { UnitSystem } from '../../../common/length-text.ts';
import type { EngineClient } from '../../../engine/client/engine-client.ts';
import type { Store } from '../../../store/store.ts';
import { imageSource } from '../../datasets/image-source.ts';
import type { Certificate } from './certificate.ts';
import { certificateHtml } from './certificate-html.ts';
import { partAround, worstDefects } from './worst-defects.ts';

/** Pictures of a certificate. */
const PICTURES = 6;
/** Side of a picture in pixels. */
const SIDE = 320;

/** Makes the certificate of a roll, with pictures of its worst defects, as an HTML page. */
export async function makeCertificate(
  { store, engine }: { store: Store; engine: EngineClient },
  list: RollDefects,
  { operator, units }: { operator: string; units: UnitSystem },
  signal: AbortSignal,
): Promise<string> {
  const image = store.images.get(list.roll.image);
  const worst = worstDefects(list.defects, PICTURES);
  const request = {
    ...imageSource(image),
    crops: worst.map((defect) => ({ ...partAround(defect, image), box: defect.box })),
    side: SIDE,
  };
  const { pictures } =
    worst.length > 0 ? await engine.request('renderCrops', request, { signal }) : { pictures: [] };
  const certificate: Certificate = {
    list,
    units,
    operator,
    madeAt: new Date().toISOString(),
    version: store.results.get(list.result).versions.perch ?? '',
    imageSha256: image.file.sha256,
    frames: store.rolls.frames(image.id),
    recipeSha256: list.recipe && store.recipes.get(list.recipe.id).latest.sha256,
    worst: worst.map((defect, at) => ({ defect, picture: pictures[at] })),
  };
  return certificateHtml(certificate);
}
