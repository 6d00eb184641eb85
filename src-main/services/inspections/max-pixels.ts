/** Maximum number of pixels of an image, unless the limit is raised: 64 megapixels. */
export const DEFAULT_MAX_PIXELS = 64e6;
