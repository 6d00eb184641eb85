import { z } from 'zod';

/**
 * Something that a reader left out, guessed or changed. The image is used all the same; a person should know.
 *  - `extra-bands`: bands that are not declared as alpha were ignored
 *  - `transparency`: the image is wholly transparent, so its alpha was ignored
 *  - `pages`: other pages, frames or thumbnails of the file were left out
 *  - `bit-depth`: fewer bits than the container has are in use
 *  - `orientation`: the EXIF orientation was applied
 *  - `profile`: a color profile was not applied
 *  - `pixels`: pixels that the file does not define, or bytes that it has beyond its pixels
 */
export const readingNote = z.object({
  kind: z.enum(['extra-bands', 'transparency', 'pages', 'bit-depth', 'orientation', 'profile', 'pixels']),
  /** A sentence without the name of the file. */
  message: z.string(),
});
export type ReadingNote = z.infer<typeof readingNote>;
