import type { Revision } from '../../src-main/common/api/annotation.ts';
import type { TileAddress } from '../../src-main/common/tiles.ts';
import { pageStoreId } from './page-store.ts';
import { AssetError, isReport, ConnectionLostError } from './failures.ts';

export const imageUrl = (id: number): string => `/assets/images/${id}`;
export const pixelValuesUrl = (id: number): string => `/assets/images/${id}?values`;
export const tileUrl = (id: number, { level, x, y }: TileAddress): string =>
  `/assets/images/${id}/tiles/${level}/${x}/${y}`;
export const tileValuesUrl = (id: number, tile: TileAddress): string => `${tileUrl(id, tile)}?values`;
export const mapUrl = (map: string): string => `/assets/maps/${encodeURIComponent(map)}`;

export const mapTileUrl = (map: string, { level, x, y }: TileAddress): string =>
  `${mapUrl(map)}/tiles/${level}/${x}/${y}`;

export const maskUrl = (mask: string): string => `/assets/masks/${encodeURIComponent(mask)}`;

/** The status of an asset that the host still makes. */
const NOT_YET = 202;

/** Fetches an asset. @throws AssetError if the host refuses it, ConnectionLostError if no host answers */
export async function fetchAsset(address: string, request: RequestInit = {}): Promise<Response> {
  const response = await fetch(address, request).catch((cause: unknown) => {
    throw new ConnectionLostError(cause);
  });
  if (response.ok && response.status !== NOT_YET) return response;
  const answer: unknown = await response.json().catch(() => undefined);
  throw new AssetError(
    isReport(answer)
      ? answer
      : { code: 'INTERNAL', message: `The host responded with ${response.status} ${response.statusText}.` },
  );
}

/**
 * Uploads a dropped file to the host.
 *
 * @param drop id of the files that were dropped together
 * @param path the file's folders and name, relative to the drop
 * @returns the drop's folder on the host, which can be imported
 */
export async function upload(drop: string, path: string, file: File): Promise<string> {
  const address = `/assets/uploads/${drop}?path=${encodeURIComponent(path)}`;
  const answer = (await (await fetchAsset(address, { method: 'POST', body: file })).json()) as {
    path: string;
  };
  return answer.path;
}

/**
 * Saves a mask as a new revision.
 *
 * @param png 8-bit grayscale at image size
 * @param base the revision that it is based on, 0 for none
 * @throws AssetError with code `CONFLICT` if another revision has been saved since
 */
export async function saveMask(
  image: number,
  png: Uint8Array<ArrayBuffer>,
  author: string,
  base: number,
): Promise<Revision> {
  const address = `${maskUrl(String(image))}?author=${encodeURIComponent(author)}&base=${base}&store=${encodeURIComponent(pageStoreId())}`;
  const headers = { 'content-type': 'image/png' };
  return (await (await fetchAsset(address, { method: 'POST', body: png, headers })).json()) as Revision;
}
