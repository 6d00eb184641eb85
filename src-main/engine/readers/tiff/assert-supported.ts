import { DecodeError } from '../decode-error.ts';
import { MAX_BANDS } from '../image-limits.ts';
import { CIELAB, FLOAT, UNSIGNED } from './tags.ts';
import type { TiffPage } from './tiff-page.ts';

/** @throws DecodeError if sharp would misread the samples of an image page */
export function assertSupported(page: TiffPage): void {
  const { bands, bits, format, isPlanar, isTiled, photometric } = page;
  if (format === FLOAT) {
    throw new DecodeError(
      `its samples are ${bits}-bit floating point numbers, whose range is unknown. Save it with 8 or 16 bits`,
    );
  }
  if (format !== UNSIGNED)
    throw new DecodeError('its samples are signed numbers. Save it with unsigned samples of 8 or 16 bits');
  if (bands > MAX_BANDS)
    throw new DecodeError(
      `it has ${bands} bands, more than the ${MAX_BANDS} that Perch reads. Save red, green and blue, or one band`,
    );
  if (isPlanar && isTiled)
    throw new DecodeError(
      'its bands are stored in separate tiles. Save it with interleaved bands, or in strips',
    );
  if (photometric === CIELAB) throw new DecodeError('its colors are CIELab. Save it as RGB');
  if (![1, 2, 4, 8, 16].includes(bits))
    throw new DecodeError(`it has ${bits} bits per sample. Save it with 8 or 16 bits`);
}
