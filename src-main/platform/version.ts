import packageJson from '../../package.json' with { type: 'json' };

/** The version of Perch. */
export const version: string = packageJson.version;
