import { fileURLToPath } from 'node:url';

/** The folder of the sample textures. In the packaged application it lies beside the archive, which plain Node cannot read. */
export const samplesFolder = fileURLToPath(new URL('../../assets/samples', import.meta.url)).replace(
  'app.asar',
  'app.asar.unpacked',
);
