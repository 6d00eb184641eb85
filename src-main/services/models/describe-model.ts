import type { BackboneRecord } from '../../methods/extractors/backbone.ts';
import type { ModelInput } from '../../methods/extractors/model-input.ts';
import type { NetworkRecord } from '../../methods/networks/network-record.ts';

/**
 * Describes an imported model: "1024 channels, stride 16, float32, 99.3 MB", or "anomaly map of 256 x 256 images, RGB, float32, 0 to 1,
 * output anomaly_map, image score pred_score, 18.2 MB".
 */
export function describeModel(record: BackboneRecord | NetworkRecord): string {
  return record.kind === 'map' ? describeNetwork(record) : describeBackbone(record);
}

function describeBackbone(record: BackboneRecord): string {
  const { channels, stride, precision, bytes, deviation, structure, preprocessing } = record;
  const far = deviation
    ? `, features differ from float32 by ${deviation.mean.toExponential(1)} on average, ` +
      `${deviation.largest.toExponential(1)} at most`
    : '';
  const weights = precision === 'as brought' ? 'original precision' : precision;
  const network = structure === undefined ? '' : ` (${structure})`;
  const { size, tokens } = preprocessing;
  const resized = size ? `, images resized to ${size.width} x ${size.height}` : '';
  const patches = tokens ? `, patch tokens after ${tokens.leading} others` : '';
  return `${channels} channels, stride ${stride}${network}${patches}${resized}, ${weights}${far}, ${megabytes(bytes)}`;
}

function describeNetwork(record: NetworkRecord): string {
  const { input, size, mapOutput, scoreOutput, bytes } = record;
  const images = size ? `${size.width} x ${size.height} images` : `images of any size`;
  const score = scoreOutput === null ? [] : [`image score ${scoreOutput}`];
  const parts = [
    `anomaly map of ${images}`,
    ...describeInput(input, record),
    `output ${mapOutput}`,
    ...score,
  ];
  return [...parts, megabytes(bytes)].join(', ');
}

function describeInput(
  { type, layout, channels, range }: ModelInput,
  { normalization }: NetworkRecord,
): string[] {
  const order = layout === 'nhwc' ? ['channels last'] : [];
  const normalized = normalization ? ['normalized'] : [];
  return [channels === 1 ? 'gray' : 'RGB', type, `0 to ${range}`, ...normalized, ...order];
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
