/** Bounds on the rows of a memory of normal patches: 256 MiB, and the time that the search takes. */
export const MEMORY_LIMITS = { values: 2 ** 26, rows: 2 ** 17 };
