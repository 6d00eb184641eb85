import { z } from 'zod';

/** Inputs only: what is stored already may be older than these rules. */
const CONTROL_FREE = /^\P{Cc}*$/u;
const LINES = /^(?:\P{Cc}|[\t\n\r])*$/u;
const WHOLE_PATH = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/;

/** One line that a person wrote, a name for one. Terminals, files and other programs obey control characters. */
export const line = (longest: number) =>
  z.string().trim().max(longest).regex(CONTROL_FREE, 'Control characters are not allowed here');

/** Text of several lines that a person wrote. */
export const text = (longest: number) =>
  z.string().max(longest).regex(LINES, 'Control characters are not allowed here');

/** Name of the person who made something. */
export const personName = line(100).min(1);

/** Path of a folder that the host writes to; a relative one would lie wherever the host was started. */
export const absolutePath = z
  .string()
  .min(1)
  .regex(WHOLE_PATH, 'Give the whole path of the folder, as in /home/ada/masks or C:\\masks')
  .regex(CONTROL_FREE, 'Control characters are not allowed here');
