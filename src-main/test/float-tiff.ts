/** A TIFF with one float channel, which sharp cannot write. */
export function floatTiff(values: Float32Array, width: number): Buffer {
  const height = values.length / width;
  const directory = 8 + values.byteLength;
  const tags = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, 32],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8],
    [277, 3, 1],
    [278, 4, height],
    [279, 4, values.byteLength],
    [339, 3, 3],
  ];
  const bytes = Buffer.alloc(directory + 2 + 12 * tags.length + 4);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(directory, 4);
  Buffer.from(values.buffer).copy(bytes, 8);
  bytes.writeUInt16LE(tags.length, directory);
  tags.forEach(([tag, type, value], index) => {
    const at = directory + 2 + 12 * index;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  });
  return bytes;
}
