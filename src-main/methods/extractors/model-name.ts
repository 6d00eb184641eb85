import { z } from 'zod';

/** Letters, digits, - and _: the name of a model is also the name of its folder. */
export const modelName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
