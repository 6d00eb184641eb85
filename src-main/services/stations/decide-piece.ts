import { join } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import { otherImages } from '../../common/api/other-images.ts';
import type { ImageDecision, Recipe, RecipeDefinition } from '../../common/api/recipes.ts';
import type { Piece, PieceRegion } from '../../common/api/station.ts';
import { decide } from '../../common/decisions/decide.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { EngineRequests } from '../../engine/protocol/messages.ts';
import type { NormalImage } from '../../engine/protocol/data-types.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import { scoringSettings } from '../../methods/scoring-settings.ts';
import type { WrittenBlob } from '../../store/blobs.ts';
import type { ImageScore } from '../../store/image-scores.ts';
import type { NewImage } from '../../store/images.ts';
import { listOtherImages, otherImagesSha256 } from '../../store/other-images.ts';
import type { NewResult } from '../../store/results.ts';
import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';
import { ingestImageFile, type IngestedImage } from '../datasets/ingest-image.ts';
import { imageSource } from '../datasets/image-source.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import { storeMethod } from '../methods/store-method.ts';
import { assertCalibratedWith } from '../recipes/normal-images.ts';
import { newResult } from '../runs/inspect-item.ts';
import { pieceBitDepth } from './piece-bit-depth.ts';

/** At most this many regions of a piece are kept, those with the highest peaks. */
const MAX_REGIONS = 100;

/** All that the decision of a piece adds to the store. Its files are written; its rows are not. */
export interface DecidedPiece {
  image: Omit<NewImage, 'sortIndex'>;
  bitDepth: number | undefined;
  result: Omit<NewResult, 'image'>;
  score: Omit<ImageScore, 'result'>;
  decided: Pick<ImageDecision, 'score' | 'decision' | 'reason'>;
  regions: PieceRegion[];
  regionsTotal: number;
  blobs: WrittenBlob[];
}

/** Reads the file of a piece: its size, thumbnail, and bit depth. @throws PerchError of the file; `IMAGE_CHANGED` */
export async function readPiece(
  station: StoredStation,
  piece: Pick<Piece, 'file' | 'sha256'>,
  { store, engine }: { store: Store; engine: EngineClient },
  signal: AbortSignal,
): Promise<IngestedImage & { blobs: WrittenBlob[] }> {
  const path = join(station.folder, piece.file);
  const planned = {
    path,
    name: piece.file,
    textureClass: station.textureClass,
    defectType: '',
    split: 'test' as const,
    masks: [],
    strip: false,
    normal: false,
  };
  const blobs: WrittenBlob[] = [];
  const written = (blob: WrittenBlob) => void blobs.push(blob);
  const ingested = await ingestImageFile(
    planned,
    { root: station.folder, engine, blobs: store.blobs, written },
    signal,
  );
  if (piece.sha256 !== null && ingested.file.sha256 !== piece.sha256)
    throw new PerchError('IMAGE_CHANGED', `${path} was written again while it waited.`);
  if (ingested.parts.length !== 1)
    throw new PerchError(
      'INVALID_ARGUMENT',
      `${path} has ${ingested.parts.length} pages. A piece is one image. Make the camera save each page as a file of its own.`,
    );
  return { ...ingested, blobs };
}

/**
 * Inspects a piece with the recipe of its station, and decides it as any other image.
 *
 * @throws PerchError of the file, the engine and the store; `MODEL_UNUSABLE` if the model is not the one of the recipe
 */
export async function decidePiece(
  station: StoredStation,
  piece: Pick<Piece, 'file'>,
  { file, parts: [part], pixelSize, blobs: read }: Awaited<ReturnType<typeof readPiece>>,
  { definition }: Recipe['latest'],
  context: { store: Store; engine: EngineClient },
  signal: AbortSignal,
): Promise<DecidedPiece> {
  const { store, engine } = context;
  const path = join(station.folder, piece.file);
  const bitDepth = part.used ? pieceBitDepth(store, station, part.used) : undefined;
  const compared = comparedImages(store, station, definition);
  const answer = await engine.request(
    'inspect',
    {
      ...imageSource({ path, tileIndex: 0, ...(bitDepth !== undefined && { bitDepth }) }),
      sha256: file.sha256,
      method: definition.method,
      ...(compared && { normal: compared.images }),
      region: definition.region,
      maxPixels: DEFAULT_MAX_PIXELS,
      provider: 'auto' as const,
    },
    { signal },
  );
  if (answer.modelSha256 !== definition.modelSha256)
    throw new PerchError(
      'MODEL_UNUSABLE',
      'The model of the recipe was replaced by another one, so its thresholds do not apply. Calibrate the recipe again, or import ' +
        'the model that it names.',
    );
  const { id: method } =
    store.methods.findByDefinition(definition.method) ?? (await storeMethod(store, definition.method));
  const result = await newResult(
    {
      image: 0,
      method,
      imageSha256: file.sha256,
      modelSha256: answer.modelSha256,
      regionSha256: regionSha256(definition.region),
      ...(compared && { otherImagesSha256: compared.sha256 }),
    },
    answer,
    context,
  );
  const { width, height, extentWidth, extentHeight } = answer.placed;
  const direction = station.rollDirection ?? undefined;
  const placement = { width, height, extentWidth, extentHeight, direction };
  const map = store.blobs.pathOf(result.map);
  const request = { maps: [{ path: map, placement }], settings: scoringSettings(definition) };
  const [scored] = (await engine.request('scoreImages', request, { signal })).scores;
  if ('error' in scored) throw new PerchError(scored.error.code, scored.error.message);
  const decided = { score: scored.score, ...decide(scored, definition) };
  const found = await measureRegions({ map, placement, definition }, decided, engine, signal);
  return {
    image: {
      path,
      tileIndex: 0,
      name: piece.file,
      textureClass: station.textureClass,
      defectType: '',
      split: 'test',
      width: part.width,
      height: part.height,
      file,
      maskFiles: [],
      used: part.used,
      thumbnail: part.thumbnail,
      ...(pixelSize && { pixelSize }),
    },
    bitDepth,
    result,
    score: scored,
    decided,
    regions: found.toSorted((a, b) => b.peak - a.peak).slice(0, MAX_REGIONS),
    regionsTotal: found.length,
    blobs: read,
  };
}

/** The regions of a piece that does not pass, as far as its map has not too many of them. */
async function measureRegions(
  {
    map,
    placement,
    definition,
  }: {
    map: string;
    placement: Omit<EngineRequests['measureRegions']['request']['placement'], 'region'>;
    definition: RecipeDefinition;
  },
  { decision }: Pick<ImageDecision, 'decision'>,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<PieceRegion[]> {
  const { thresholds, region, sizeLimits, edgeMargin, mmPerPixel } = definition;
  if (!thresholds || decision === null || decision === 'pass') return [];
  const request = {
    map,
    placement: { ...placement, region },
    threshold: thresholds.review,
    limits: { sizeLimits, edgeMargin, mmPerPixel },
  };
  const { regions } = await engine.request('measureRegions', request, { signal });
  return regions.map(({ box, area, score: peak }) => ({ box, area, peak }));
}

/** The images that the method of a recipe compares with. @throws PerchError `INVALID_ARGUMENT` if they are missing or others */
function comparedImages(
  store: Store,
  station: Pick<StoredStation, 'dataset' | 'textureClass'>,
  definition: RecipeDefinition,
): { images: NormalImage[]; sha256: string } | undefined {
  const kind = otherImages(definition.method);
  if (kind === 'none') return undefined;
  const images = listOtherImages(store.images, station, kind);
  const files = images.map(({ file }) => file.sha256);
  assertCalibratedWith(definition, files);
  return {
    images: images.map((image) => ({ ...imageSource(image), sha256: image.file.sha256 })),
    sha256: otherImagesSha256(images),
  };
}
