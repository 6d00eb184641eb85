import { PerchError } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { isPassthroughPng } from '../../files/passthrough-png.ts';
import { readInputFile } from '../../files/read.ts';
import type { Store } from '../../store/store.ts';
import { imageSource } from './image-source.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import type { ImageAssets } from '../types.ts';

/** Serves images, maps and masks of the store. */
export function openImageAssets(store: Store, engine: EngineClient): ImageAssets {
  return {
    content(id) {
      const { file, bitDepth } = store.images.get(id);
      return bitDepth === undefined ? file.sha256 : `${file.sha256}-${bitDepth}`;
    },
    async png(id, side, signal) {
      const source = imageSource(store.images.get(id));
      if (side === undefined && !source.crop && source.path.toLowerCase().endsWith('.png')) {
        // Sent unchanged, because decoding and encoding is slow and may wait for the engine.
        const bytes = await readInputFile(source.path);
        if (isPassthroughPng(bytes)) return bytes;
      }
      const request = { ...source, side, maxPixels: DEFAULT_MAX_PIXELS };
      return new Uint8Array((await engine.request('preview', request, { signal })).png);
    },
    async values(id, signal) {
      const { bitDepth, ...source } = imageSource(store.images.get(id));
      if (bitDepth === undefined) throw withoutValues();
      const request = { ...source, bitDepth, maxPixels: DEFAULT_MAX_PIXELS };
      return new Uint8Array((await engine.request('readValues', request, { signal })).npy);
    },
    async tile(id, tile, signal) {
      const image = store.images.get(id);
      const request = { source: imageSource(image), imported: image.file.sha256, tile };
      return new Uint8Array((await engine.request('readTile', request, { signal })).bytes);
    },
    async tileValues(id, tile, signal) {
      const image = store.images.get(id);
      if (image.bitDepth === undefined) throw withoutValues();
      const request = {
        source: imageSource(image),
        imported: image.file.sha256,
        tile: { ...tile, level: 0 },
        values: true,
      };
      return new Uint8Array((await engine.request('readTile', request, { signal })).bytes);
    },
    async mapTile(map, tile, signal) {
      const request = { path: store.blobs.pathOf(map), tile };
      return new Uint8Array((await engine.request('readMapTile', request, { signal })).bytes);
    },
    blob: (sha256) => store.blobs.read(sha256),
  };
}

function withoutValues(): PerchError {
  return new PerchError('NOT_FOUND', 'This image has no values other than its 8-bit pixels.');
}
