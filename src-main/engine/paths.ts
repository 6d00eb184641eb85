/** The folder of the embedded models. The path is relative to this file, which is therefore as deep as the bundle of the engine. */
export const modelsFolder = new URL('../../models/', import.meta.url);
