/** The graphs that come with Perch. */
export const modelsFolder = new URL('../../models/', import.meta.url);
