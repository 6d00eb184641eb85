import { basename } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import type { BackboneRecord } from '../../methods/extractors/backbone.ts';
import type { KnownBackbone } from '../../methods/extractors/known-backbones.ts';
import type { LayerSelection, NetworkTraits } from '../../models/networks/network.ts';

/** A network to build from a checkpoint. */
export type CheckpointRequest = { network: string } & LayerSelection;

/** The title of the published backbone, unless the file holds another network or other layers are used. */
export function titleOf(
  name: string,
  {
    known,
    checkpoint,
    found,
  }: {
    known: KnownBackbone | undefined;
    checkpoint: CheckpointRequest | undefined;
    found: { channels: number; stride: number };
  },
): string {
  const selection = (layers: LayerSelection | undefined) => JSON.stringify([layers?.layers, layers?.combine]);
  const isPublished = known?.channels === found.channels && known.stride === found.stride;
  if (isPublished && (!checkpoint || selection(checkpoint) === selection(known))) return known.title;
  if (!checkpoint) return `${name}: imported backbone`;
  return `${name}: ${checkpoint.network}${known ? ', but not the published network' : ''}`;
}

/**
 * Publisher and license. A checksum identifies a published checkpoint; where Perch does not know it, the file name does, and the
 * record says so.
 */
export function provenance(
  path: string,
  sha256: string,
  known: KnownBackbone | undefined,
): Pick<BackboneRecord, 'source' | 'license'> {
  const file = basename(path);
  const isChecked = known?.sha256Prefix !== undefined;
  const published = isChecked ? sha256.startsWith(known.sha256Prefix ?? '') : known?.file === file;
  if (!known || !published) return { source: { file, sha256, publisher: 'unknown' }, license: 'unknown' };
  const publisher = isChecked
    ? known.source
    : `${known.source} (by its file name; the checksum was not compared)`;
  return { source: { file, sha256, publisher }, license: known.license };
}

/** A graph imported under the name of a backbone that Perch knows must be that backbone. */
export function assertSupportedSchema(
  { name, from }: { name: string; from: string },
  known: KnownBackbone | undefined,
  found: { channels: number; stride: number },
): void {
  if (!known || (known.channels === found.channels && known.stride === found.stride)) return;
  throw new PerchError(
    'MODEL_UNUSABLE',
    `${from} has ${found.channels} channels at stride ${found.stride}; ${name} has ${known.channels} at stride ` +
      `${known.stride}. Choose the layer that the paper uses, or import the file under another name.`,
    undefined,
    { kind: 'name-layer' },
  );
}

/** A network imported under the name of a published one, without naming its architecture, must have that one's size. */
export function assertPublishedSize(
  from: string,
  known: KnownBackbone | undefined,
  traits: NetworkTraits | undefined,
): void {
  if (known?.size === undefined || traits?.size === undefined || known.size === traits.size) return;
  throw new PerchError(
    'CHECKPOINT_REFUSED',
    `${from} has ${traits.size}; ${known.name} has ${known.size}. Import it under another name.`,
    undefined,
    { kind: 'name-network' },
  );
}
