/** The image files that Perch reads: what each format is called, and the extensions that its files have. */
export const imageFormats = {
  PNG: ['.png'],
  JPEG: ['.jpg', '.jpeg', '.jpe', '.jfif'],
  TIFF: ['.tif', '.tiff'],
  BMP: ['.bmp', '.dib'],
  WebP: ['.webp'],
  Netpbm: ['.pgm', '.ppm', '.pbm', '.pnm'],
} as const satisfies Record<string, readonly string[]>;
export type ImageFormat = keyof typeof imageFormats;

/** Every extension of an image file, lower case, with its dot. */
export const imageExtensions: readonly string[] = Object.values(imageFormats).flat();

/** Every extension of a file that may hold an anomaly map. */
export const mapExtensions: readonly string[] = ['.npy', ...imageFormats.TIFF, ...imageFormats.PNG];

/** "PNG, JPEG, TIFF, BMP, WebP and Netpbm", for messages. */
export const imageFormatNames = Object.keys(imageFormats)
  .join(', ')
  .replace(/, (\w+)$/, ' and $1');

/** Whether a file name has the extension of an image. Hidden files (`.name`) have not. */
export function isImageName(name: string): boolean {
  return hasExtension(name, imageExtensions);
}

/** Whether a file name has the extension of an anomaly map. Hidden files, such as `._name.npy` of macOS, have not. */
export function isMapName(name: string): boolean {
  return hasExtension(name, mapExtensions);
}

function hasExtension(name: string, extensions: readonly string[]): boolean {
  const dot = name.lastIndexOf('.');
  return dot > 0 && !name.startsWith('.') && extensions.includes(name.slice(dot).toLowerCase());
}
