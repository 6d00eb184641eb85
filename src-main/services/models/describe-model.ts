import type { BackboneRecord } from '../../methods/extractors/backbone.ts';

/** Describes an imported backbone: "1024 channels, stride 16, float32, 99.3 MB". */
export function describeModel({ channels, stride, precision, bytes, deviation }: BackboneRecord): string {
  const far = deviation
    ? `, features differ from float32 by ${deviation.mean.toExponential(1)} on average, ` +
      `${deviation.largest.toExponential(1)} at most`
    : '';
  const weights = precision === 'as brought' ? 'original precision' : precision;
  return `${channels} channels, stride ${stride}, ${weights}${far}, ${(bytes / 1e6).toFixed(1)} MB`;
}
