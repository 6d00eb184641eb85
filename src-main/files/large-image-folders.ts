// Folders of the data directory for work on large images. Their content can be made again.

/** Decoded images, which are read by rectangles. */
export const PIXEL_FILES_FOLDER = 'pixels';

/** Scores of images that are being inspected in blocks. */
export const PARTIAL_MAPS_FOLDER = 'partial-maps';
