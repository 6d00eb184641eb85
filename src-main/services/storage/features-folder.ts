/** Folder of the features of sets in the data directory. They can be computed again. */
export const FEATURES_FOLDER = 'features';
