/** How an outline is drawn: told apart by dashes, not by colour alone. */
interface Line {
  colour: string;
  dashed: boolean;
}

/** What reaches a threshold. */
export const PREDICTION: Line = { colour: '#ffe14d', dashed: true };
export const GROUND_TRUTH: Line = { colour: '#4de3ff', dashed: false };

/**
 * A line on a dark halo, seen on any texture, as SVG to be laid over an image.
 *
 * @param path SVG path in pixels of the image
 * @param image size in pixels of the image
 * @param shown size in pixels at which it is shown
 */
export function outline(
  path: string,
  image: { width: number; height: number },
  { colour, dashed }: Line,
  shown = image,
): Buffer {
  const stroke = Math.max(1.5, Math.max(shown.width, shown.height) / 600) * (image.width / shown.width);
  const line = (of: string, thickness: number, dash: string) =>
    `<path d="${path}" fill="none" stroke="${of}" stroke-width="${thickness}" stroke-linejoin="round" ${dash}/>`;
  const dash = dashed ? `stroke-dasharray="${4 * stroke} ${2.5 * stroke}"` : '';
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${shown.width}" height="${shown.height}" viewBox="0 0 ${image.width} ${image.height}">` +
      line('#000000b0', 2.4 * stroke, '') +
      line(colour, stroke, dash) +
      '</svg>',
  );
}
