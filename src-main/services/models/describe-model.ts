import type { BackboneRecord } from '../../methods/extractors/backbone.ts';

/** Describes an imported backbone: "1024 channels, stride 16, float32, 99.3 MB". */
export function describeModel({ channels, stride, precision, bytes, deviation }: BackboneRecord): string {
  const far = deviation
    ? `, features differ from float32 by ${deviation.mean.toExponential(1)} in the mean, ` +
      `${deviation.largest.toExponential(1)} at most`
    : '';
  return `${channels} channels, stride ${stride}, ${precision}${far}, ${(bytes / 1e6).toFixed(1)} MB`;
}
