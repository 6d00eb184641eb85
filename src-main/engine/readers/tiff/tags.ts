/** Tags of an image file directory (TIFF 6.0 specification, its supplements, and TIFF/EP). */
export const TAGS = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  description: 270,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  resolutionUnit: 296,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

/** Tags whose value is the offset of another directory: `SubIFDs`, EXIF, GPS and interoperability. */
export const DIRECTORY_POINTERS: ReadonlySet<number> = new Set([330, 34665, 34853, 40965]);

/** Bytes per value of each field type. Fields of other types are skipped. */
export const TYPE_BYTES: Readonly<Record<number, number>> = Object.fromEntries([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 4],
  [5, 8],
  [6, 1],
  [7, 1],
  [8, 2],
  [9, 4],
  [10, 8],
  [11, 4],
  [12, 8],
  [13, 4],
  [16, 8],
  [17, 8],
  [18, 8],
]);

/** The field type of fractions. */
export const RATIONAL = 5;

/** Field types of offsets: `LONG` in TIFF, `LONG8` in BigTIFF. */
export const LONG = 4;
export const LONG8 = 16;

/** Values of `SampleFormat`. */
export const UNSIGNED = 1;
export const SIGNED = 2;
export const FLOAT = 3;

/** Values of `Compression`. The two of deflate store each chunk as one zlib stream. */
export const UNCOMPRESSED = 1;
export const OLD_JPEG = 6;
export const DEFLATE: ReadonlySet<number> = new Set([8, 32946]);

/** Values of `PhotometricInterpretation`. */
export const YCBCR = 6;
export const CIELAB = 8;

/** Values of `ExtraSamples` that declare a band as alpha, premultiplied or not. */
export const ALPHA: ReadonlySet<number> = new Set([1, 2]);
