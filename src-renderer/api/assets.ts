import type { Revision } from '../../src-main/common/api/annotation.ts';
import { pageStoreId } from './own-store.ts';
import { AssetError, isReport, ConnectionLostError } from './failures.ts';

export const imageUrl = (id: number): string => `/assets/images/${id}`;
export const pixelValuesUrl = (id: number): string => `/assets/images/${id}?values`;
export const mapUrl = (map: string): string => `/assets/maps/${encodeURIComponent(map)}`;

export const maskUrl = (mask: string): string => `/assets/masks/${encodeURIComponent(mask)}`;

/** Asks for an asset. @throws AssetError with the host's report where it is refused, LostError where none answers */
export async function fetchAsset(address: string, request: RequestInit = {}): Promise<Response> {
  const response = await fetch(address, request).catch((cause: unknown) => {
    throw new ConnectionLostError(cause);
  });
  if (response.ok) return response;
  const answer: unknown = await response.json().catch(() => undefined);
  throw new AssetError(
    isReport(answer)
      ? answer
      : { code: 'INTERNAL', message: `The host responded with ${response.status} ${response.statusText}.` },
  );
}

/**
 * Hands a dropped file to the host.
 *
 * @param drop names what was dropped together
 * @param path folders and name of the file within the drop
 * @returns the folder that holds the drop, which can be opened
 */
export async function upload(drop: string, path: string, file: File): Promise<string> {
  const address = `/assets/uploads/${drop}?path=${encodeURIComponent(path)}`;
  const answer = (await (await fetchAsset(address, { method: 'POST', body: file })).json()) as {
    path: string;
  };
  return answer.path;
}

/**
 * Saves a drawn mask of an image.
 *
 * @param png 8-bit gray, of the image's size
 * @param author who signs for it
 * @param base revision that it was drawn over, 0 for none
 * @throws AssetError `CONFLICT` where another revision was made meanwhile
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
