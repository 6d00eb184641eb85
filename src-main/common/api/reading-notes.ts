import { z } from 'zod';

/**
 * Something that a reader ignored, assumed or changed. The image is still used.
 *  - `extra-bands`: bands that are not declared as alpha were ignored
 *  - `transparency`: the image is wholly transparent, so its alpha was ignored
 *  - `pages`: other pages, frames or thumbnails of the file were ignored
 *  - `bit-depth`: the values use fewer bits than the container has
 *  - `orientation`: the EXIF orientation was applied
 *  - `profile`: a color profile was not applied
 *  - `pixels`: the file has undefined pixels, or extra bytes after its pixels
 *  - `frames`: frames of a roll are missing in their numbering, or files of its folder were ignored
 */
export const readingNote = z.object({
  kind: z.enum([
    'extra-bands',
    'transparency',
    'pages',
    'bit-depth',
    'orientation',
    'profile',
    'pixels',
    'frames',
  ]),
  /** A sentence without the file's name. */
  message: z.string(),
});
export type ReadingNote = z.infer<typeof readingNote>;
