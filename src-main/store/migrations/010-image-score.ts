/** Imported networks may score the image themselves. */
export const imageScore = `
ALTER TABLE results ADD COLUMN image_score REAL; -- null if the method gives none
`;
