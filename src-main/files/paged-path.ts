/** A file and one of its pages. */
export interface PagedPath {
  file: string;
  /** From 1; undefined if the path does not name a page. */
  page: number | undefined;
}

/** Splits `FILE.tif#N`, the path of page N of a TIFF file, which is valid wherever an image path is. Only TIFF files have pages. */
export function splitPage(path: string): PagedPath {
  const [, file, page] = /^(.*\.tiff?)#([1-9]\d{0,6})$/is.exec(path) ?? [];
  return file === undefined ? { file: path, page: undefined } : { file, page: Number(page) };
}

/** The path `FILE#N` of a page. */
export function pagePath(file: string, page: number): string {
  return `${file}#${page}`;
}
