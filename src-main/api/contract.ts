import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { annotation } from './annotation.ts';
import { datasets } from './datasets.ts';
import { evaluation } from './evaluation.ts';
import { methodProcedures, runs } from './runs.ts';
import * as schemas from './schemas.ts';
import { sessions } from './sessions.ts';
import { models, settingsProcedures, storageProcedures } from './settings.ts';

/**
 * Every call that a window can make to its host, over a message port (desktop) or a web socket (browser).
 * A call that fails throws an `ORPCError` whose `data` is an `ErrorReport`.
 *
 * Bytes do not travel here but as assets of the same origin:
 *  - `GET /assets/images/<image id>`             the image as 8-bit sRGB PNG, oriented, full size
 *  - `GET /assets/images/<image id>?side=<N>`    the same, shrunk to fit N x N pixels
 *  - `GET /assets/thumbnails/<image id>`         a small WebP of it, 192 pixels at most a side, kept in the store
 *  - `GET /assets/maps/<map>`                    an anomaly map as NPY (float32, rows x columns)
 *  - `GET /assets/masks/<mask>`                  a mask as PNG, 0 or 255, of its image's size
 *  - `POST /assets/masks/<image id>?author=&base=`  saves a drawn mask, see `annotation`
 *  - `POST /assets/uploads/<drop>?path=<path>`   a file of a drop (a name of the page's choosing), with its path in it;
 *    answers `{ "path": "..." }`, the folder that holds the whole drop, for `datasets.import`; it is
 *    kept for as long as a dataset is made of it
 */
export const contract = {
  system: {
    /** The state now and at every change, until the caller stops listening. */
    watch: oc.output(eventIterator(schemas.status)),
  },
  library: {
    /** Opens image files and folders (searched through) beside what is open; what cannot be opened is told. */
    open: oc
      .input(z.object({ paths: z.array(z.string().min(1)).min(1).max(10_000) }))
      .output(z.object({ images: z.array(schemas.image), skipped: z.array(schemas.skipped) })),
    /** What is open, in the order it was opened. */
    list: oc.output(z.object({ images: z.array(schemas.image) })),
    /** Closes everything that is open. Files are not touched. */
    close: oc.output(z.void()),
    /** Asks with the native dialog of the desktop; an empty list where it was dismissed. */
    choose: oc
      .input(z.object({ kind: z.enum(['files', 'folder']) }))
      .output(z.object({ paths: z.array(z.string()) })),
  },
  methods: {
    choices: oc.output(schemas.methodChoices),
    ...methodProcedures,
  },
  datasets,
  runs,
  evaluation,
  sessions,
  annotation,
  settings: settingsProcedures,
  models,
  storage: storageProcedures,
  inspections: {
    /** Inspects images one after the other. Ending the iteration (or aborting the call) cancels what is left. */
    start: oc
      .input(z.object({ images: z.array(z.string()).min(1), method: schemas.method }))
      .output(eventIterator(schemas.inspectionEvent)),
  },
};

export type Contract = typeof contract;
