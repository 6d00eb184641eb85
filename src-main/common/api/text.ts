import { z } from 'zod';

/** These rules apply to inputs only, because stored text may be older. */
const CONTROL_FREE = /^\P{Cc}*$/u;
const LINES = /^(?:\P{Cc}|[\t\n\r])*$/u;
const WHOLE_PATH = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/;

/** One line of user text, such as a name. Control characters are not allowed because terminals and other programs interpret them. */
export const line = (longest: number) =>
  z.string().trim().max(longest).regex(CONTROL_FREE, 'Control characters are not allowed here');

/** User text of several lines. */
export const text = (longest: number) =>
  z.string().max(longest).regex(LINES, 'Control characters are not allowed here');

/** Name of the author. */
export const personName = line(100).min(1);

/** Path of a folder that the host writes to. A relative path would depend on the host's working directory. */
export const absolutePath = z
  .string()
  .min(1)
  .regex(WHOLE_PATH, 'Enter the absolute path of the folder, such as /home/ada/masks or C:\\masks')
  .regex(CONTROL_FREE, 'Control characters are not allowed here');
