/** A file, and the page of it that is meant. */
export interface PagedPath {
  file: string;
  /** From 1; undefined where the path names no page. */
  page: number | undefined;
}

/**
 * Takes `FILE.tif#N` apart. Wherever the path of an image goes, a page of a TIFF file may be named so; N counts from 1.
 * Only TIFF files have pages.
 */
export function splitPage(path: string): PagedPath {
  const [, file, page] = /^(.*\.tiff?)#([1-9]\d{0,6})$/is.exec(path) ?? [];
  return file === undefined ? { file: path, page: undefined } : { file, page: Number(page) };
}

/** The path of a page. */
export function pagePath(file: string, page: number): string {
  return `${file}#${page}`;
}
