/** The image formats that Perch reads, with the file extensions of each. Every list of formats in Perch derives from this one. */
export const imageFormats = {
  PNG: ['.png'],
  JPEG: ['.jpg', '.jpeg', '.jpe', '.jfif'],
  TIFF: ['.tif', '.tiff'],
  BMP: ['.bmp', '.dib'],
  WebP: ['.webp'],
  Netpbm: ['.pgm', '.ppm', '.pbm', '.pnm'],
} as const satisfies Record<string, readonly string[]>;
export type ImageFormat = keyof typeof imageFormats;

/** Extensions of image files: lower case, with the dot. */
export const imageExtensions: readonly string[] = Object.values(imageFormats).flat();

/** Extensions of anomaly maps: lower case, with the dot. */
export const mapExtensions: readonly string[] = ['.npy', ...imageFormats.TIFF, ...imageFormats.PNG];

/** "PNG, JPEG, TIFF, BMP, WebP and Netpbm", for messages. */
export const imageFormatNames = Object.keys(imageFormats)
  .join(', ')
  .replace(/, (\w+)$/, ' and $1');

/** Whether a file name has an image extension. Hidden files (`.name.png`) do not count. */
export function isImageName(name: string): boolean {
  return hasExtension(name, imageExtensions);
}

/** Whether a file name has the extension of an anomaly map. Hidden files, such as macOS's `._name.npy`, do not count. */
export function isMapName(name: string): boolean {
  return hasExtension(name, mapExtensions);
}

function hasExtension(name: string, extensions: readonly string[]): boolean {
  const dot = name.lastIndexOf('.');
  return dot > 0 && !name.startsWith('.') && extensions.includes(name.slice(dot).toLowerCase());
}
