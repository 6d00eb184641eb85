import { formatScale, programResolution, type ScaleChoice, scaleOfPixel } from '../../../common/scale.ts';
import type { EngineClient } from '../../../engine/client/engine-client.ts';
import { printError } from './print.ts';

/**
 * The scales that image files declare, for sizes in millimeters where none is given. The first use of a scale is said. A resolution that
 * programs write where they know none is not a scale.
 */
export class FileScales {
  readonly #engine: Pick<EngineClient, 'request'>;
  readonly #said = new Set<string>();

  constructor(engine: Pick<EngineClient, 'request'>) {
    this.#engine = engine;
  }

  async of(path: string): Promise<ScaleChoice | undefined> {
    // The image was inspected, so a header that cannot be read is no failure.
    const { pixel } = await this.#engine
      .request('readResolution', { path })
      .catch(() => ({ pixel: undefined }));
    if (!pixel || programResolution(pixel) !== undefined) return undefined;
    const scale = scaleOfPixel(pixel);
    const text = formatScale(scale);
    if (!this.#said.has(text))
      printError(
        `note: ${path}: sizes in mm are by the file's resolution, ${text}. --mm-per-pixel states another scale.`,
      );
    this.#said.add(text);
    return scale;
  }
}
