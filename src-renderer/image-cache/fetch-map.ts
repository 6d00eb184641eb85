import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { readNpy } from '../../src-main/common/maps/npy.ts';
import { fetchAsset, mapUrl } from '../api/assets.ts';

/** Fetches the anomaly map of an inspection. @throws AssetError, ConnectionLostError */
export async function fetchMap(inspection: Inspection): Promise<PlacedMap> {
  const response = await fetchAsset(mapUrl(inspection.map));
  const { shape, values } = readNpy(new Uint8Array(await response.arrayBuffer()), 'the anomaly map');
  const [height, width] = shape.slice(-2);
  const { width: imageWidth, height: imageHeight, extentWidth, extentHeight } = inspection;
  return {
    map: { values, height, width },
    width: imageWidth,
    height: imageHeight,
    extentWidth,
    extentHeight,
  };
}
