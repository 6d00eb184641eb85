/** Pixels of the picture for each of the drawing. */
const SHARPNESS = 2;

/** An SVG file as PNG. */
export async function pngOf(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const sheet = new OffscreenCanvas(image.width * SHARPNESS, image.height * SHARPNESS);
    const context = sheet.getContext('2d');
    if (!context) throw new Error('This browser draws no pictures.');
    context.drawImage(image, 0, 0, sheet.width, sheet.height);
    return await sheet.convertToBlob({ type: 'image/png' });
  } finally {
    URL.revokeObjectURL(address);
  }
}
