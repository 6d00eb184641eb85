/**
 * The tone curve of a gray ICC profile as a lookup table from 16-bit samples to 16-bit sRGB samples; undefined if the profile is not
 * for gray or its curve type is unknown. sharp applies the profiles of all images except 16-bit gray ones.
 *
 * Curves: ICC.1:2022, 10.6 (`curv`) and 10.18 (`para`).
 */
export function grayProfileTable(profile: Buffer): Uint16Array<ArrayBuffer> | undefined {
  const curve = grayCurve(profile);
  if (curve === undefined) return undefined;
  const table = new Uint16Array(65536);
  for (let sample = 0; sample < 65536; sample++) {
    const linear = Math.min(Math.max(curve(sample / 65535), 0), 1);
    table[sample] = Math.round(65535 * encodeSrgb(linear));
  }
  return table;
}

type Curve = (value: number) => number;

function grayCurve(profile: Buffer): Curve | undefined {
  if (profile.length < 132 || profile.toString('latin1', 16, 20) !== 'GRAY') return undefined;
  const tags = profile.readUInt32BE(128);
  for (let at = 132; at < 132 + 12 * tags && at + 12 <= profile.length; at += 12) {
    if (profile.toString('latin1', at, at + 4) !== 'kTRC') continue;
    const start = profile.readUInt32BE(at + 4);
    return curveOf(profile.subarray(start, start + profile.readUInt32BE(at + 8)));
  }
  return undefined;
}

function curveOf(tag: Buffer): Curve | undefined {
  if (tag.length < 12) return undefined;
  const type = tag.toString('latin1', 0, 4);
  if (type === 'curv') return sampledCurve(tag);
  return type === 'para' ? parametricCurve(tag) : undefined;
}

function sampledCurve(tag: Buffer): Curve | undefined {
  const count = tag.readUInt32BE(8);
  if (count === 0) return (value) => value;
  if (12 + 2 * count > tag.length) return undefined;
  if (count === 1) return (value) => value ** (tag.readUInt16BE(12) / 256);
  const at = (index: number) => tag.readUInt16BE(12 + 2 * index) / 65535;
  return (value) => {
    const position = value * (count - 1);
    const low = Math.min(Math.floor(position), count - 2);
    return at(low) + (at(low + 1) - at(low)) * (position - low);
  };
}

/** Number of parameters of each type of parametric curve. */
const PARAMETERS = [1, 3, 4, 5, 7];

function parametricCurve(tag: Buffer): Curve | undefined {
  const count = PARAMETERS.at(tag.readUInt16BE(8));
  if (count === undefined || 12 + 4 * count > tag.length) return undefined;
  const numbers = Array.from({ length: count }, (_, index) => tag.readInt32BE(12 + 4 * index) / 65536);
  const [g, a = 1, b = 0] = numbers;
  const power = (value: number) => Math.max(0, a * value + b) ** g;
  if (count === 1) return power;
  if (count === 3) return (value) => (value >= -b / a ? power(value) : 0);
  if (count === 4) return (value) => (value >= -b / a ? power(value) : 0) + numbers[3];
  const [, , , c, d, e = 0, f = 0] = numbers;
  return (value) => (value >= d ? power(value) + e : c * value + f);
}

function encodeSrgb(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}
